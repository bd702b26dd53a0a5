//! Caddy's matchers as functions of an expression.

use super::Fault;
use super::ast::{Expr, Kind};
use crate::check::matchers::{host, ip};
use crate::check::regexp;
use crate::check::values::url_pattern;

/// What a matcher takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// That many texts.
    Texts(usize, usize),
    /// Any number of texts, at least one.
    Many,
    /// One map of texts to texts or lists of texts.
    Map,
    /// Texts, or one map of options, or nothing.
    Files,
}

const MATCHERS: &[(&str, Takes)] = &[
    ("client_ip", Takes::Many),
    ("file", Takes::Files),
    ("header", Takes::Map),
    ("header_regexp", Takes::Texts(2, 3)),
    ("host", Takes::Many),
    ("method", Takes::Many),
    ("path", Takes::Many),
    ("path_regexp", Takes::Texts(1, 2)),
    ("protocol", Takes::Texts(1, 1)),
    ("query", Takes::Map),
    ("remote_ip", Takes::Many),
    ("url_pattern", Takes::Texts(1, 2)),
    ("vars", Takes::Map),
    ("vars_regexp", Takes::Texts(2, 3)),
];

fn find(name: &str) -> Option<Takes> {
    MATCHERS.iter().find(|(known, _)| *known == name).map(|(_, takes)| *takes)
}

/// Whether there is a matcher of this name that takes this many arguments.
pub(super) fn is_matcher(name: &str, count: usize) -> bool {
    find(name).is_some_and(|takes| match takes {
        Takes::Texts(least, most) => (least..=most).contains(&count),
        Takes::Many | Takes::Files => true,
        Takes::Map => count == 1,
    })
}

/// How the matcher `name` is called, for those who got it wrong.
pub(super) fn usage(name: &str) -> Option<&'static str> {
    find(name).map(|takes| match takes {
        Takes::Texts(1, _) => "the matcher takes one text; a regular expression may have a name before it",
        Takes::Texts(..) => {
            "the matcher takes a field and a regular expression, with a name before them if wanted"
        }
        Takes::Many => "the matcher takes one or more texts",
        Takes::Map => "the matcher takes one map, as in `header({'Field': 'value'})`",
        Takes::Files => "the matcher takes paths, or one map of options",
    })
}

/// A call of a matcher, whose arguments must be texts in the expression itself, not computed ones.
pub(super) fn call(name: &str, args: Vec<Expr>, at: usize) -> Result<Expr, Fault> {
    let text_only = |args: &[Expr]| args.iter().find(|arg| !is_text(arg)).map(|arg| arg.at);
    let wrong = match find(name) {
        Some(Takes::Many) if args.is_empty() => {
            return Fault::new(at, format!("the matcher `{name}` needs at least one argument"));
        }
        Some(Takes::Map) => args.iter().find(|arg| !is_text_map(arg)).map(|arg| arg.at),
        Some(Takes::Files) => match args.as_slice() {
            [one] if is_options(one) => None,
            args => args.iter().find(|arg| arg.text().is_none() && !is_placeholder(arg)).map(|arg| arg.at),
        },
        _ => text_only(&args),
    };
    if let Some(at) = wrong {
        let help = usage(name).unwrap_or_default();
        return Fault::with_help(
            at,
            format!("the matcher `{name}` takes only texts that are written out or placeholders"),
            help,
        );
    }
    provision(name, &args, at)?;
    Ok(Expr { kind: Kind::Matcher(name.to_owned(), args), at })
}

/// A text, a placeholder, or a sum of such.
fn is_text(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Call(name, args) if name == "+" => args.iter().all(is_text),
        _ => expr.text().is_some() || is_placeholder(expr),
    }
}

fn is_placeholder(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Call(name, _) if name == "ph")
}

fn is_text_list(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::List(items) if items.iter().all(is_text))
}

fn is_text_map(expr: &Expr) -> bool {
    matches!(&expr.kind, Kind::Map(entries)
        if entries.iter().all(|(key, value)| is_text(key) && (is_text(value) || is_text_list(value))))
}

/// The options of `file`: `try_files` and `split_path` are lists, the others texts.
fn is_options(expr: &Expr) -> bool {
    let Kind::Map(entries) = &expr.kind else { return false };
    let text = |expr: &Expr| expr.text().is_some() || is_placeholder(expr);
    entries.iter().all(|(key, value)| match key.text() {
        Some("try_files" | "split_path") => {
            matches!(&value.kind, Kind::List(items) if items.iter().all(text))
        }
        Some("root" | "try_policy" | "fs") => text(value),
        _ => false,
    })
}

/// What the matcher checks when its arguments are all known.
fn provision(name: &str, args: &[Expr], at: usize) -> Result<(), Fault> {
    let Some(texts) = args.iter().map(Expr::text).collect::<Option<Vec<_>>>() else { return Ok(()) };
    let why = match (name, texts.as_slice()) {
        ("path_regexp" | "header_regexp" | "vars_regexp", [.., pattern]) => {
            let fault = regexp::check(pattern).err();
            fault.map(|fault| format!("`{pattern}` is not a regular expression: {fault}"))
        }
        ("remote_ip" | "client_ip", ranges) => {
            ranges.iter().filter(|range| !range.contains('{')).find_map(|range| ip::fault(range))
        }
        ("host", hosts) => host::repeated(hosts).map(|host| format!("the host `{host}` is listed twice")),
        ("url_pattern", [pattern, rest @ ..]) => {
            url_pattern::fault(pattern, rest.first().copied().unwrap_or(""))
        }
        _ => None,
    };
    why.map_or(Ok(()), |why| Fault::new(at, why))
}
