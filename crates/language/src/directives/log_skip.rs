//! `log_skip`: keeps requests out of the access logs (docs: "`log_skip`").

use super::deprecated;
use super::vars;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, Parsed, arguments};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("log_skip", "", "Keeps requests out of the access logs", |cursor, _| lower(cursor))
        .example("log_skip /health")
        .makes(&vars::HANDLER);

/// The handler, which the old name `skip_log` has too.
pub(super) fn lower(cursor: &mut Cursor) -> Parsed<Handler> {
    let name = cursor.word().clone();
    cursor.no_more_args(&name, "a matcher")?;
    let level = cursor.nesting();
    if cursor.version().has(Change::LogSkipWithoutBlock) && cursor.next_block(level) {
        return Err(arguments::no_block(&name, &name.text, "remove the block"));
    }
    let mut fields = Fields::new();
    let variable = if cursor.version().has(Change::SkipLogRenamed) { "log_skip" } else { "skip_log" };
    fields.insert(variable, true);
    Ok(Handler::module("vars", fields, name.span))
}

/// Warns of the name `skip_log`.
pub(super) fn lower_deprecated(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let handler = lower(cursor)?;
    deprecated::renamed(scope, &name, &DIRECTIVE.name);
    Ok(handler)
}
