//! Whether Caddy accepts a CEL expression.
//!
//! Caddy turns its placeholders into calls of `ph`, adds its matchers as macros, compiles the result with cel-go and its
//! extensions for strings, lists, mathematics and bindings, and wants a boolean. Rules measured on Caddy 2.11.7 and from
//! the CEL language definition.

pub(crate) mod ast;
mod constant;
mod format;
mod functions;
mod lexer;
mod literal;
mod macros;
mod matchers;
mod parser;
mod placeholders;
mod typecheck;
mod types;
mod unify;

use std::fmt;

use types::Type;

/// Why Caddy refuses an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte at which the faulty part starts, counted in the expression after its placeholders were replaced; `None`
    /// when it is the whole.
    pub(crate) at: Option<usize>,
    /// What is written from there to the next space.
    pub(crate) word: Option<String>,
    /// What is wrong, in plain words.
    pub reason: String,
    /// What to write instead, where there is something.
    pub(crate) help: Option<&'static str>,
}

impl Fault {
    fn new<T>(at: usize, reason: impl Into<String>) -> Result<T, Self> {
        Err(Self { at: Some(at), word: None, reason: reason.into(), help: None })
    }

    fn with_help<T>(at: usize, reason: impl Into<String>, help: &'static str) -> Result<T, Self> {
        Err(Self { at: Some(at), word: None, reason: reason.into(), help: Some(help) })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)
    }
}

/// Checks `expression` as Caddy's `expression` matcher would when it is provisioned.
pub fn check(expression: &str) -> Result<(), Fault> {
    let expanded = placeholders::expand(expression);
    checked(&expanded).map_err(|fault| {
        let rest = fault.at.and_then(|at| expanded.get(at..));
        let word = rest.and_then(|rest| rest.split_whitespace().next()).map(str::to_owned);
        Fault { word, ..fault }
    })
}

/// The tree of `expression`, with calls of `ph` for its placeholders, if Caddy would accept it.
pub(crate) fn tree(expression: &str) -> Result<ast::Expr, Fault> {
    let expanded = placeholders::expand(expression);
    checked(&expanded)?;
    parser::parse(&expanded).map_err(|fault| *fault)
}

/// The same of an expression whose placeholders are replaced.
fn checked(expanded: &str) -> Result<(), Fault> {
    let tree = parser::parse(expanded).map_err(|fault| *fault)?;
    let found = typecheck::check(&tree)?;
    constant::check(&tree)?;
    if found == Type::Bool {
        return Ok(());
    }
    let help = match found {
        Type::Any | Type::Dyn => "compare it, as in `{placeholder} == 'value'`, or write `bool(…)` around it",
        _ => "compare it with something",
    };
    Err(Fault {
        at: None,
        word: None,
        reason: format!("it gives {found}, but a matcher must give true or false"),
        help: Some(help),
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    fn reason(expression: &str) -> String {
        check(expression).map_or_else(|fault| fault.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn messages_are_in_plain_words() {
        assert_eq!(
            reason("{http.request.host}"),
            "it gives a placeholder's value, but a matcher must give true or false"
        );
        assert_eq!(reason("{http.error.status_code} == `402`"), "`` ` `` is not part of CEL");
        assert_eq!(reason("metod('GET')"), "unknown function `metod`");
        assert_eq!(reason("'a' == 1"), "`==` cannot take string and int");
        assert_eq!(reason("path('/a'"), "`)` or `,` is missing at the end");
        assert_eq!(
            reason("path_regexp('(')"),
            "`(` is not a regular expression: the group `(` is never closed (at character 1)"
        );
        assert_eq!(
            reason("remote_ip('10.0.0.0/99')"),
            "`10.0.0.0/99` is not a CIDR range: the prefix length must be 0 to 32"
        );
    }
}
