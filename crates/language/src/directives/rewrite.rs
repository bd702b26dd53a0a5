//! `rewrite`: changes the request's URI (docs: "rewrite").

use super::root::matcher_and_value;
use crate::config::{Fields, Handler, Route};
use crate::lower::{Directive, Lowered, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "rewrite",
    syntax: "rewrite [<matcher>] <to>",
    doc: "Changes the request's URI; the client does not notice",
    rows: &[],
    example: "rewrite * /index.html",
    shape: Shape::Config(lower),
};

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Vec<Lowered>> {
    let name = cursor.word().clone();
    let (matcher, uri) = matcher_and_value(cursor, scope, "a URI").map_err(|fault| {
        if cursor.clone().next_block(cursor.nesting()) {
            return fault.help("Caddy 1 had `rewrite { to ... }`; write `try_files {path} /index.html`, or `rewrite @matcher /new`");
        }
        fault
    })?;
    let mut fields = Fields::new();
    if !uri.is_empty() {
        fields.insert("uri", uri);
    }
    let handler = Handler::module("rewrite", fields, name.span);
    Ok(vec![Lowered::Route(Route { matchers: matcher.into_iter().collect(), ..Route::of(handler) })])
}
