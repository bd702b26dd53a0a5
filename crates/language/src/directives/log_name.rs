//! `log_name`: sends requests to other access logs than their host's (docs: "`log_name`").

use crate::config::{Fields, Handler, Value};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "log_name",
    syntax: "log_name [<matcher>] <names...>",
    doc: "The access logs that requests go to",
    rows: &[],
    example: "log_name api",
    shape: Shape::Handler(lower),
};

#[expect(clippy::unnecessary_wraps, reason = "the shape of every handler; Caddy refuses nothing here")]
fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let names = cursor.arg_texts();
    let mut fields = Fields::new();
    // Caddy's empty list is `null`.
    let names = if names.is_empty() { Value::Null } else { Value::from(names) };
    fields.insert("access_logger_names", names);
    Ok(Handler::module("vars", fields, span))
}
