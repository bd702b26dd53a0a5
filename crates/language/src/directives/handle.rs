//! `handle`: directives for some requests, and for no later `handle` (docs: "handle").

use crate::config::Handler;
use crate::lower::{Directive, Exclusive, Scope};
use crate::spec::{Answer, Changes, Cursor, HandlerModule, Holds, Parsed};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "handle",
    "",
    "A group of directives; only the first matching `handle` of a block runs",
    lower,
)
.holds(Holds::Directives)
.example("handle /api/* {\n\trespond \"api\"\n}")
.exclusive(Exclusive::Yes)
.makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Sometimes,
    changes: Changes::Anything,
    ..HandlerModule::new("subroute")
};

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    Ok(Handler::subroute(scope.nested_routes(cursor)?, span))
}
