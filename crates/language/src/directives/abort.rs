//! `abort`: the connection is closed without an answer (docs: "abort").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Fault, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "abort",
    syntax: "abort [<matcher>]",
    doc: "Closes the connection without an answer",
    rows: &[],
    example: "abort /private/*",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    cursor.no_args()?;
    if cursor.next() {
        return Err(Fault::arguments(cursor.word(), "`abort` has no block").help("take the block away"));
    }
    let mut fields = Fields::new();
    fields.insert("abort", true);
    Ok(Handler::module("static_response", fields, span))
}
