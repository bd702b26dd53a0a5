//! `log_level`: the level of a request's entry in the access logs (docs: "`log_level`").

use super::vars;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Parsed, arguments, not_a};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "log_level",
    "DEBUG|INFO|WARN|ERROR",
    "Sets the level of requests in the access logs",
    lower,
)
.example("log_level /health DEBUG")
.makes(&vars::HANDLER);

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    const WHAT: &str = "one of `DEBUG`, `INFO`, `WARN` and `ERROR`";
    let name = cursor.word().clone();
    let text = cursor.one_arg(WHAT)?;
    // Caddy's parser takes an empty text for the default level.
    let level = match text.to_ascii_lowercase().as_str() {
        "debug" => "debug",
        "info" | "" => "info",
        "warn" => "warn",
        "error" => "error",
        _ => return Err(not_a(cursor, WHAT, "DEBUG")),
    };
    let word = cursor.word().clone();
    let nesting = cursor.nesting();
    if cursor.next_block(nesting) {
        return Err(arguments::no_block(&word, &name.text, "remove the block"));
    }
    let mut fields = Fields::new();
    fields.insert("log_level", level);
    Ok(Handler::module("vars", fields, name.span))
}
