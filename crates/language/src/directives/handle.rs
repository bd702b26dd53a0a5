//! `handle`: directives for some requests, and for no later `handle` (docs: "handle").

use crate::config::Handler;
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "handle",
    syntax: "handle [<matcher>] { <directives...> }",
    doc: "Of the `handle` blocks of one level, only the first that matches runs",
    rows: &[],
    example: "handle /api/* {\n\trespond \"api\"\n}",
    shape: Shape::Handler(lower),
};

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    Ok(Handler::subroute(scope.nested_routes(cursor)?, span))
}
