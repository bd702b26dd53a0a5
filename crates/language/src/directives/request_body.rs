//! `request_body`: limits or replaces the body of requests (docs: "`request_body`").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Kind, Parsed, Row, read_block};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "request_body",
    syntax: "request_body [<matcher>] { max_size <size>  set <body> }",
    doc: "Limits or replaces the body of requests",
    rows: &[
        Row::new("max_size", "<size>", Kind::Size, "The largest body that is read"),
        Row::new("set", "<body>", Kind::Text, "A body in the place of the request's own"),
    ],
    example: "request_body {\n\tmax_size 10MB\n}",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut fields = Fields::new();
    read_block(cursor, DIRECTIVE.name, DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("request_body", fields, span))
}
