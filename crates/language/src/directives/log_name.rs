//! `log_name`: sends requests to other access logs than their host's (docs: "`log_name`").

use super::vars;
use crate::config::{Fields, Handler, Value};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("log_name", "<names...>", "Selects the access logs for requests", lower)
        .example("log_name api")
        .makes(&vars::HANDLER);

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
