//! `method`: changes the request's method (docs: "method").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "method",
    syntax: "method [<matcher>] <method>",
    doc: "Changes the request's method",
    rows: &[],
    example: "method GET",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let method = cursor.one_arg("a method, such as `GET`")?;
    let mut fields = Fields::new();
    if !method.is_empty() {
        fields.insert("method", method);
    }
    Ok(Handler::module("rewrite", fields, span))
}
