//! `reverse_proxy`: passes requests on to upstreams (docs: "`reverse_proxy`").

mod proxy;
mod rows;
mod upstream;

pub(super) use proxy::Proxy;
pub(super) use rows::ROWS;

use crate::config::Handler;
use crate::lower::{Directive, Scope};
use crate::spec::{Answer, Changes, Conduct, Cursor, HandlerModule, Parsed, Serves, Shown};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("reverse_proxy", "[<upstreams...>]", "Forwards requests to upstreams", lower)
        .rows(ROWS)
        .example("reverse_proxy localhost:8080 {\n\theader_up X-Real-IP {remote_host}\n}")
        .makes(&HANDLER)
        .known_by(&[])
        .conduct(Conduct {
            answers: Answer::Always,
            serves: Serves::Upstream,
            reads_body: true,
            ..Conduct::NONE
        });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Always,
    unless: "handle_response",
    changes: Changes::Headers("handle_response"),
    guards: true,
    shows: &[Shown::Upstreams],
    ..HandlerModule::new("reverse_proxy")
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
