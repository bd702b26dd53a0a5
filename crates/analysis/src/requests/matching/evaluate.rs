//! CEL expressions: the value of each part. Rules from the CEL language definition, the documentation of cel-go, and
//! measurements on Caddy 2.11.7.

mod cel;
mod functions;

use serde_json::Value as Json;

use cel::Cel;

use crate::check::expression::ast::{Expr, Fold, FoldKind, Kind, Literal};
use crate::requests::program::{Matcher, Tree};
use crate::requests::state::{Raised, State};
use crate::requests::value::Value;

/// Why a part has no value: an error that `&&` and `||` may swallow, or one that ends the request.
enum Fault {
    Error(String),
    Raised(Raised),
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

type Found = Result<Cel, Fault>;

/// What asks one of Caddy's matchers.
type Ask<'a, 'p> = &'a mut dyn FnMut(&mut State<'p>, &Matcher) -> Result<bool, Raised>;

struct Evaluator<'a, 'p, 't> {
    state: &'a mut State<'p>,
    tree: &'t Tree,
    name: &'t str,
    ask: Ask<'a, 'p>,
    bound: Vec<(String, Cel)>,
}

/// Whether an expression holds; an error of it is one without a status.
pub(super) fn holds<'a, 'p>(
    state: &'a mut State<'p>,
    tree: &Tree,
    name: &str,
    ask: Ask<'a, 'p>,
) -> Result<bool, Raised> {
    let mut evaluator = Evaluator { state, tree, name, ask, bound: Vec::new() };
    match evaluator.value(&tree.root) {
        Ok(value) => Ok(value == Cel::Bool(true)),
        Err(Fault::Error(message)) => Err(Raised::Plain(message)),
        Err(Fault::Raised(raised)) => Err(raised),
    }
}

impl Evaluator<'_, '_, '_> {
    fn value(&mut self, expr: &Expr) -> Found {
        match &expr.kind {
            Kind::Literal(literal) => Ok(of_literal(literal)),
            Kind::Ident(name) => self.named(name),
            Kind::Select(operand, field) => {
                if let Some(name) = expr.qualified()
                    && let Some((_, value)) = self.bound.iter().rev().find(|(known, _)| *known == name)
                {
                    return Ok(value.clone());
                }
                let value = self.value(operand)?;
                Ok(functions::select(&value, field)?)
            }
            Kind::Has(operand, field) => {
                let value = self.value(operand)?;
                Ok(Cel::Bool(functions::select(&value, field).is_ok()))
            }
            Kind::Call(name, args) => self.call(name, args),
            Kind::Member(target, name, args) => {
                // `math.abs(x)`: the target is a namespace.
                if let Kind::Ident(space) = &target.kind
                    && matches!(space.as_str(), "math" | "strings" | "lists")
                {
                    let args = self.values(args)?;
                    return Ok(functions::call(&format!("{space}.{name}"), &args)?);
                }
                let mut all = vec![self.value(target)?];
                all.extend(self.values(args)?);
                Ok(functions::call(name, &all)?)
            }
            Kind::List(items) => Ok(Cel::List(self.values(items)?)),
            Kind::Map(entries) => {
                let mut map = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let key = self.value(key)?;
                    map.push((key, self.value(value)?));
                }
                Ok(Cel::Map(map))
            }
            Kind::Message(name) => Err(Fault::Error(format!("unknown type `{name}`"))),
            Kind::Fold(fold) => self.fold(fold),
            Kind::Bind(name, value, body) => {
                let value = self.value(value)?;
                self.bound.push((name.clone(), value));
                let found = self.value(body);
                self.bound.pop();
                found
            }
            Kind::Matcher(name, args) => self.matcher(expr.at, name, args),
        }
    }

    fn values(&mut self, exprs: &[Expr]) -> Result<Vec<Cel>, Fault> {
        let mut values = Vec::with_capacity(exprs.len());
        for expr in exprs {
            values.push(self.value(expr)?);
        }
        Ok(values)
    }

    fn named(&self, name: &str) -> Found {
        if let Some((_, value)) = self.bound.iter().rev().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        match name {
            "bool" | "bytes" | "double" | "int" | "list" | "map" | "null_type" | "string" | "type"
            | "uint" => Ok(Cel::Type(name.to_owned())),
            "req" => Ok(Cel::Request),
            _ => Err(Fault::Error(format!("no such attribute: {name}"))),
        }
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Found {
        match (name, args) {
            ("&&" | "||", [left, right]) => self.joined(name == "||", left, right),
            ("?:", [condition, yes, no]) => match self.value(condition)? {
                Cel::Bool(true) => self.value(yes),
                Cel::Bool(false) => self.value(no),
                _ => Err(Fault::Error("no such overload".to_owned())),
            },
            ("ph", [_, name]) => match self.value(name)? {
                Cel::Text(name) => Ok(of_value(self.state.get(&name).unwrap_or_default())),
                _ => Err(Fault::Error("no such overload".to_owned())),
            },
            _ => {
                let args = self.values(args)?;
                Ok(functions::call(name, &args)?)
            }
        }
    }

    /// `&&` and `||`: an error of one side does not matter if the other side decides.
    fn joined(&mut self, deciding: bool, left: &Expr, right: &Expr) -> Found {
        let mut fault = None;
        for side in [left, right] {
            match self.value(side) {
                Ok(Cel::Bool(value)) if value == deciding => return Ok(Cel::Bool(deciding)),
                Ok(Cel::Bool(_)) => {}
                Ok(_) => {
                    fault.get_or_insert_with(|| "no such overload".to_owned());
                }
                Err(Fault::Error(message)) => {
                    fault.get_or_insert(message);
                }
                Err(raised) => return Err(raised),
            }
        }
        match fault {
            Some(message) => Err(Fault::Error(message)),
            None => Ok(Cel::Bool(!deciding)),
        }
    }

    fn fold(&mut self, fold: &Fold) -> Found {
        let items: Vec<Cel> = match self.value(&fold.range)? {
            Cel::List(items) => items,
            Cel::Map(entries) => entries.into_iter().map(|(key, _)| key).collect(),
            _ => return Err(Fault::Error("no such overload".to_owned())),
        };
        let (mut list, mut keys, mut count, mut fault) = (Vec::new(), Vec::new(), 0, None);
        for item in items {
            self.bound.push((fold.variable.clone(), item.clone()));
            let condition =
                fold.condition.as_ref().map_or(Ok(Cel::Bool(true)), |condition| self.value(condition));
            let holds = match condition {
                Ok(Cel::Bool(holds)) => Some(holds),
                Ok(_) => {
                    fault.get_or_insert_with(|| "no such overload".to_owned());
                    None
                }
                Err(Fault::Error(message)) => {
                    fault.get_or_insert(message);
                    None
                }
                Err(raised) => return Err(raised),
            };
            let mut done = None;
            match (fold.kind, holds) {
                (FoldKind::All, Some(false)) => done = Some(false),
                (FoldKind::Exists, Some(true)) => done = Some(true),
                (FoldKind::ExistsOne, Some(true)) => count += 1,
                (FoldKind::Filter, Some(true)) => list.push(item),
                (FoldKind::Map, Some(true)) => {
                    if let Some(value) = &fold.value {
                        list.push(self.value(value)?);
                    }
                }
                (FoldKind::Sort, _) => {
                    if let Some(value) = &fold.value {
                        keys.push(self.value(value)?);
                    }
                    list.push(item);
                }
                _ => {}
            }
            self.bound.pop();
            if let Some(done) = done {
                return Ok(Cel::Bool(done));
            }
        }
        if let Some(message) = fault {
            return Err(Fault::Error(message));
        }
        Ok(match fold.kind {
            FoldKind::All => Cel::Bool(true),
            FoldKind::Exists => Cel::Bool(false),
            FoldKind::ExistsOne => Cel::Bool(count == 1),
            FoldKind::Filter | FoldKind::Map => Cel::List(list),
            FoldKind::Sort => {
                let mut pairs: Vec<(Cel, Cel)> = keys.into_iter().zip(list).collect();
                pairs.sort_by(|(a, _), (b, _)| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
                Cel::List(pairs.into_iter().map(|(_, item)| item).collect())
            }
        })
    }

    fn matcher(&mut self, at: usize, name: &str, args: &[Expr]) -> Found {
        let tree = self.tree;
        let made;
        let matcher = if let Some(matcher) = tree.calls.get(&at) {
            matcher
        } else {
            let values: Vec<Json> = self.values(args)?.iter().map(Cel::json).collect();
            made = Matcher::call(name, &values, self.name);
            &made
        };
        match (self.ask)(self.state, matcher) {
            Ok(holds) => Ok(Cel::Bool(holds)),
            Err(raised) => Err(Fault::Raised(raised)),
        }
    }
}

fn of_literal(literal: &Literal) -> Cel {
    match literal {
        Literal::Null => Cel::Null,
        Literal::Bool(value) => Cel::Bool(*value),
        Literal::Int(value) => Cel::Int(*value),
        Literal::Uint(value) => Cel::Uint(*value),
        Literal::Double(value) => Cel::Double(*value),
        Literal::Text(value) => Cel::Text(value.clone()),
        Literal::Bytes(value) => Cel::Bytes(value.clone()),
    }
}

fn of_value(value: Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Text(text) => Cel::Text(text),
        Value::Int(number) => Cel::Int(number),
        Value::Float(number) => Cel::Double(number),
        Value::Bool(flag) => Cel::Bool(flag),
    }
}
