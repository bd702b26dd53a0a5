//! `abort`: the connection is closed without an answer (docs: "abort").

use super::respond;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Answer, Conduct, Cursor, Parsed, Serves, Sign, arguments};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("abort", "", "Closes the connection without a response", lower)
        .example("abort /private/*")
        .makes(&respond::HANDLER)
        .known_by(&[Sign::True("/abort")])
        .conduct(Conduct { answers: Answer::Always, serves: Serves::Fixed, ..Conduct::NONE });

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    cursor.no_args()?;
    if cursor.next() {
        return Err(arguments::no_block(cursor.word(), "abort", "remove the block"));
    }
    let mut fields = Fields::new();
    fields.insert("abort", true);
    Ok(Handler::module("static_response", fields, span))
}
