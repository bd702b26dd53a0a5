//! Calls that are rewritten before anything else looks at them: CEL's macros and Caddy's matchers.

use super::Fault;
use super::ast::{Expr, Fold, FoldKind, Kind, Literal};
use super::matchers;

/// `name(args)`.
pub(super) fn global(name: String, mut args: Vec<Expr>, at: usize) -> Result<Expr, Fault> {
    if name == "has" && args.len() == 1 {
        return match args.swap_remove(0) {
            Expr { kind: Kind::Select(operand, field), .. } => {
                Ok(Expr { kind: Kind::Has(operand, field), at })
            }
            other => Fault::with_help(
                other.at,
                "`has` takes a field, as in `has(map.key)`",
                "compare a placeholder with ''",
            ),
        };
    }
    if matchers::is_matcher(&name, args.len()) {
        return matchers::call(&name, args, at);
    }
    Ok(Expr { kind: Kind::Call(name, args), at })
}

/// `target.name(args)`.
pub(super) fn member(target: Expr, name: String, mut args: Vec<Expr>, at: usize) -> Result<Expr, Fault> {
    let namespace = match &target.kind {
        Kind::Ident(name) => name.as_str(),
        _ => "",
    };
    match (name.as_str(), args.len()) {
        ("bind", 3) if namespace == "cel" => {
            let (body, value) = (args.swap_remove(2), args.swap_remove(1));
            let variable = variable(&args[0])?;
            return Ok(Expr { kind: Kind::Bind(variable, Box::new(value), Box::new(body)), at });
        }
        ("greatest" | "least", _) if namespace == "math" => return extreme(&name, args, at),
        _ => {}
    }
    let kind = match (name.as_str(), args.len()) {
        ("all", 2) => FoldKind::All,
        ("exists", 2) => FoldKind::Exists,
        ("exists_one", 2) => FoldKind::ExistsOne,
        ("filter", 2) => FoldKind::Filter,
        ("map", 2 | 3) => FoldKind::Map,
        ("sortBy", 2) => FoldKind::Sort,
        _ => return Ok(Expr { kind: Kind::Member(Box::new(target), name, args), at }),
    };
    let last = args.pop();
    let (condition, value) = match kind {
        FoldKind::All | FoldKind::Exists | FoldKind::ExistsOne | FoldKind::Filter => (last, None),
        FoldKind::Map => (if args.len() == 2 { args.pop() } else { None }, last),
        FoldKind::Sort => (None, last),
    };
    let variable = match args.first() {
        Some(first) => variable(first)?,
        None => String::new(),
    };
    Ok(Expr { kind: Kind::Fold(Box::new(Fold { kind, range: target, variable, condition, value })), at })
}

fn variable(expr: &Expr) -> Result<String, Fault> {
    match &expr.kind {
        Kind::Ident(name) => Ok(name.clone()),
        _ => Fault::new(expr.at, "the first argument must be the name of a variable"),
    }
}

/// `math.greatest` and `math.least`: numbers, or one list of them.
fn extreme(name: &str, args: Vec<Expr>, at: usize) -> Result<Expr, Fault> {
    let numeric = |expr: &Expr| match &expr.kind {
        Kind::Literal(literal) => matches!(literal, Literal::Int(_) | Literal::Uint(_) | Literal::Double(_)),
        Kind::List(_) | Kind::Map(_) | Kind::Message(_) => false,
        _ => true,
    };
    let sound = match args.as_slice() {
        [] => false,
        [one] => match &one.kind {
            Kind::List(items) => !items.is_empty() && items.iter().all(numeric),
            _ => numeric(one),
        },
        many => many.iter().all(numeric),
    };
    if !sound {
        return Fault::new(at, format!("`math.{name}` takes numbers, or a list of numbers"));
    }
    let function = if name == "least" { "math.@min" } else { "math.@max" };
    let args = if args.len() > 2 { vec![Expr { kind: Kind::List(args), at }] } else { args };
    Ok(Expr { kind: Kind::Call(function.to_owned(), args), at })
}
