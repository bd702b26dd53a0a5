//! Which type an expression has, if its parts go together.

use super::Fault;
use super::ast::{Expr, Fold, FoldKind, Kind, Literal};
use super::format;
use super::functions::{self, Overload};
use super::matchers;
use super::types::Type;
use super::unify::Known;

/// The type of `expr`.
pub(super) fn check(expr: &Expr) -> Result<Type, Fault> {
    let mut checker = TypeCheck::default();
    let found = checker.of(expr)?;
    Ok(checker.known.settle(&found))
}

/// Names that stand for types.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
];

#[derive(Default)]
struct TypeCheck {
    known: Known,
    /// The variables of the loops and bindings around, innermost last.
    variables: Vec<(String, Type)>,
}

impl TypeCheck {
    fn of(&mut self, expr: &Expr) -> Result<Type, Fault> {
        match &expr.kind {
            Kind::Literal(literal) => Ok(match literal {
                Literal::Null => Type::Null,
                Literal::Bool(_) => Type::Bool,
                Literal::Int(_) => Type::Int,
                Literal::Uint(_) => Type::Uint,
                Literal::Double(_) => Type::Double,
                Literal::Text(_) => Type::Text,
                Literal::Bytes(_) => Type::Bytes,
            }),
            Kind::Ident(name) => self.name(name, expr.at),
            Kind::Select(operand, field) => self.select(expr, operand, field),
            Kind::Has(operand, field) => self.field(operand, field, expr.at).map(|_| Type::Bool),
            Kind::Call(name, args) => self.call(name, args, expr.at),
            Kind::Member(target, name, args) => self.member(target, name, args, expr.at),
            Kind::List(items) => self.joined(items.iter()).map(Type::list),
            Kind::Map(entries) => {
                let key = self.joined(entries.iter().map(|(key, _)| key))?;
                let value = self.joined(entries.iter().map(|(_, value)| value))?;
                Ok(Type::map(key, value))
            }
            // Messages of other kinds would need types that Caddy does not bring.
            Kind::Message(name) if name.starts_with("google.protobuf.") => Ok(Type::Dyn),
            Kind::Message(name) => Fault::new(expr.at, format!("unknown type `{name}`")),
            Kind::Fold(fold) => self.fold(fold),
            Kind::Bind(variable, value, body) => {
                let found = self.of(value)?;
                self.variables.push((variable.clone(), found));
                let found = self.of(body);
                self.variables.pop();
                found
            }
            Kind::Matcher(_, args) => {
                for arg in args {
                    self.of(arg)?;
                }
                Ok(Type::Bool)
            }
        }
    }

    fn lookup(&self, name: &str) -> Option<Type> {
        let variable = self.variables.iter().rev().find(|(known, _)| known == name);
        match name {
            _ if variable.is_some() => variable.map(|(_, found)| found.clone()),
            "req" => Some(Type::Request),
            _ => TYPES.contains(&name).then_some(Type::Kind),
        }
    }

    fn name(&self, name: &str, at: usize) -> Result<Type, Fault> {
        match self.lookup(name) {
            Some(found) => Ok(found),
            None => Fault::with_help(
                at,
                format!("unknown variable `{name}`"),
                "put strings in quotes: 'text'; put placeholders in braces: {http.request.uri.path}",
            ),
        }
    }

    /// What elements have in common; nothing is known of no elements.
    fn joined<'e>(&mut self, items: impl Iterator<Item = &'e Expr>) -> Result<Type, Fault> {
        let mut common = None;
        for item in items {
            let found = self.of(item)?;
            common = Some(match common {
                None => found,
                Some(common) => self.known.join(&common, &found),
            });
        }
        Ok(common.unwrap_or_else(|| self.known.fresh()))
    }

    fn select(&mut self, expr: &Expr, operand: &Expr, field: &str) -> Result<Type, Fault> {
        if let Some(found) = expr.qualified().and_then(|name| self.lookup(&name)) {
            return Ok(found);
        }
        self.field(operand, field, expr.at)
    }

    fn field(&mut self, operand: &Expr, field: &str, at: usize) -> Result<Type, Fault> {
        let found = self.of(operand)?;
        match self.known.resolve(&found) {
            Type::Map(_, value) => Ok(*value),
            Type::Open(id) => {
                self.known.accept(&Type::Dyn, &Type::Open(id));
                Ok(Type::Dyn)
            }
            found if found.is_dyn() => Ok(Type::Dyn),
            found => Fault::with_help(
                at,
                format!("{found} has no field `{field}`"),
                "a function needs `()` after its name",
            ),
        }
    }

    fn call(&mut self, name: &str, args: &[Expr], at: usize) -> Result<Type, Fault> {
        let types = self.each(args)?;
        self.called(name, args, &types, at)
    }

    /// The types of `args`. No iterator does this: its frames would take stack for each level.
    fn each(&mut self, args: &[Expr]) -> Result<Vec<Type>, Fault> {
        let mut types = Vec::with_capacity(args.len());
        for arg in args {
            types.push(self.of(arg)?);
        }
        Ok(types)
    }

    /// What the function `name` gives for `args`, which are of these `types`.
    fn called(&mut self, name: &str, args: &[Expr], types: &[Type], at: usize) -> Result<Type, Fault> {
        if name == "&&" || name == "||" {
            for (found, arg) in types.iter().zip(args) {
                if !self.known.accept(found, &Type::Bool) {
                    let found = self.known.settle(found);
                    return Fault::new(arg.at, format!("`{name}` joins true and false, not {found}"));
                }
            }
            return Ok(Type::Bool);
        }
        match functions::find(name) {
            Some(overloads) => self.resolve(name, overloads, false, types, at),
            None => unknown(name, at),
        }
    }

    fn member(&mut self, target: &Expr, name: &str, args: &[Expr], at: usize) -> Result<Type, Fault> {
        let mut types = self.each(args)?;
        if let Some(prefix) = target.qualified() {
            let full = format!("{prefix}.{name}");
            if let Some(overloads) = functions::find(&full) {
                return self.resolve(&full, overloads, false, &types, at);
            }
        }
        types.insert(0, self.of(target)?);
        if let ("format", Some(text), [Expr { kind: Kind::List(items), .. }]) = (name, target.text(), args) {
            self.format(text, target.at, items)?;
        }
        match functions::find(name) {
            Some(overloads) => self.resolve(name, overloads, true, &types, at),
            None => unknown(name, at),
        }
    }

    /// A text with clauses, and the values that are put in their places.
    fn format(&mut self, text: &str, at: usize, items: &[Expr]) -> Result<(), Fault> {
        let clauses = format::clauses(text, at)?;
        if clauses.len() != items.len() {
            return Fault::new(
                at,
                format!("the text has {} clauses for {} values", clauses.len(), items.len()),
            );
        }
        for (letter, item) in clauses.into_iter().zip(items) {
            let found = self.of(item)?;
            let found = self.known.resolve(&found);
            if !format::shows(letter, &found) {
                let help = "write string(…) around a placeholder";
                return Fault::with_help(item.at, format!("`%{letter}` cannot show {found}"), help);
            }
        }
        Ok(())
    }

    /// Every overload that fits counts: if they give different types, the result could be anything.
    fn resolve(
        &mut self,
        name: &str,
        overloads: &[Overload],
        member: bool,
        types: &[Type],
        at: usize,
    ) -> Result<Type, Fault> {
        let mut result: Option<Type> = None;
        for overload in overloads.iter().filter(|overload| overload.member == member) {
            let parameters = [self.known.fresh(), self.known.fresh()];
            let wanted: Vec<Type> =
                overload.takes.iter().map(|wanted| instance(wanted, &parameters)).collect();
            if !self.known.accept_all(types, &wanted) {
                continue;
            }
            let gives = self.known.resolve(&instance(&overload.gives, &parameters));
            result = Some(match result {
                None => gives,
                Some(earlier) if earlier == Type::Dyn || earlier == gives => earlier,
                Some(_) => Type::Dyn,
            });
        }
        if let Some(result) = result {
            return Ok(result);
        }
        let shown: Vec<String> = types.iter().map(|found| self.known.settle(found).to_string()).collect();
        let name = name.trim_matches('_');
        Fault::with_help(
            at,
            format!("`{name}` cannot take {}", shown.join(" and ")),
            "convert one of them, with int(…), string(…), double(…) or the like",
        )
    }

    fn fold(&mut self, fold: &Fold) -> Result<Type, Fault> {
        let range = self.of(&fold.range)?;
        let element = match self.known.resolve(&range) {
            Type::List(element) => *element,
            Type::Map(key, _) if fold.kind != FoldKind::Sort => *key,
            Type::Dyn => Type::Dyn,
            Type::Open(id) => {
                self.known.accept(&Type::Dyn, &Type::Open(id));
                Type::Dyn
            }
            found => {
                return Fault::with_help(
                    fold.range.at,
                    format!("{found} is not a list or map"),
                    "write dyn(…) around a placeholder",
                );
            }
        };
        self.variables.push((fold.variable.clone(), element.clone()));
        let found = self.fold_body(fold, &element, &range);
        self.variables.pop();
        found
    }

    fn fold_body(&mut self, fold: &Fold, element: &Type, range: &Type) -> Result<Type, Fault> {
        if let Some(condition) = &fold.condition {
            let found = self.of(condition)?;
            if !self.known.accept(&found, &Type::Bool) {
                let found = self.known.settle(&found);
                return Fault::new(
                    condition.at,
                    format!("the condition gives {found} instead of true or false"),
                );
            }
        }
        let value = fold.value.as_ref().map(|value| self.of(value)).transpose()?;
        if let (FoldKind::Sort, Some(value), Some(expr)) = (fold.kind, &value, &fold.value) {
            let key = self.known.resolve(value);
            if matches!(key, Type::List(_) | Type::Map(..) | Type::Kind | Type::Request) {
                return Fault::new(expr.at, format!("nothing can be sorted by {key}"));
            }
        }
        Ok(match (fold.kind, value) {
            (FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne, _) => Type::Bool,
            (FoldKind::Filter, _) => Type::list(element.clone()),
            (FoldKind::Map, Some(value)) => Type::list(value),
            _ => range.clone(),
        })
    }
}

fn instance(of: &Type, parameters: &[Type; 2]) -> Type {
    match of {
        Type::Open(id) => parameters.get(*id).cloned().unwrap_or(Type::Dyn),
        Type::List(element) => Type::list(instance(element, parameters)),
        Type::Map(key, value) => Type::map(instance(key, parameters), instance(value, parameters)),
        other => other.clone(),
    }
}

fn unknown<T>(name: &str, at: usize) -> Result<T, Fault> {
    if let Some(usage) = matchers::usage(name) {
        return Fault::with_help(
            at,
            format!("the matcher `{name}` is called with the wrong arguments"),
            usage,
        );
    }
    let reason = match functions::similar(name) {
        Some(known) => format!("unknown function `{name}`; `{known}` exists"),
        None => format!("unknown function `{name}`"),
    };
    Fault::new(at, reason)
}
