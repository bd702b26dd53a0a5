//! `route`: directives in the order of the file (docs: "route").

use super::handle;
use crate::config::Handler;
use crate::diagnostics::Code;
use crate::lower;
use crate::lower::{Directive, Lowered, Scope};
use crate::spec::{Cursor, Fault, Holds, Parsed};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("route", "", "Runs its directives in the order in which they are written", lower)
        .holds(Holds::Directives)
        .example("route /api/* {\n\trequest_header X-Api yes\n\trespond \"api\"\n}")
        .makes(&handle::HANDLER);

fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let items = scope.lower_nested(cursor)?;
    if let Some(item) =
        items.iter().find(|item| !matches!(item.lowered, Lowered::Route(_) | Lowered::Routes(_)))
    {
        return Err(Fault::new(
            Code::MISPLACED_DIRECTIVE,
            &name,
            format!("`{}` is not allowed inside `route`", item.directive),
        )
        .help("put it directly into the site block"));
    }
    if !scope.state.version().has(Change::RouteGroups) {
        // Before 2.8.4, they are neither grouped nor joined.
        return Ok(Handler::subroute(lower::routes::ungrouped(items), name.span));
    }
    Ok(Handler::subroute(scope.build_routes(items, false), name.span))
}
