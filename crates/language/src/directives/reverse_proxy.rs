//! `reverse_proxy`: passes requests on to upstreams (docs: "`reverse_proxy`").

mod proxy;
mod rows;
mod upstream;

pub(super) use proxy::Proxy;
pub(super) use rows::ROWS;

use crate::config::Handler;
use crate::lower::{Directive, Scope, Shape};
use crate::spec::{Cursor, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive {
    name: "reverse_proxy",
    syntax: "reverse_proxy [<matcher>] [<upstreams...>] { <options...> }",
    doc: "Passes requests on to upstreams",
    rows: ROWS,
    example: "reverse_proxy localhost:8080 {\n\theader_up X-Real-IP {remote_host}\n}",
    shape: Shape::Handler(lower),
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape of every handler; faults are reported and the rest is read"
)]
fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut proxy = Proxy::default();
    proxy.read(cursor, scope, &DIRECTIVE);
    Ok(Handler::module("reverse_proxy", proxy.finish(scope), span))
}
