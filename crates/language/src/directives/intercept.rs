//! `intercept`: replaces answers that later directives give (docs: "intercept").

use super::handle_response::ResponseHandlers;
use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, HandlerModule, Kind, Parsed, Row};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("intercept", "", "Replaces responses of later directives", lower)
        .rows(ROWS)
        .example("intercept {\n\t@missing status 404\n\treplace_status @missing 410\n}")
        .makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule::new("intercept");

const ROWS: &[Row] = &[
    Row::new("@name", "<response matcher>", Kind::Own, "A named matcher for responses"),
    Row::new(
        "handle_response",
        "[@name] { <directives...> }",
        Kind::Own,
        "Directives that replace the responses that match",
    )
    .directives(),
    Row::new("replace_status", "[@name] <status>", Kind::Own, "Another status for the responses that match"),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the shape of every handler; faults are reported and the rest is read"
)]
fn lower(cursor: &mut Cursor, scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut responses = ResponseHandlers::default();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if let Err(fault) = read_line(cursor, &mut responses) {
            scope.report(fault);
            cursor.segment();
        }
    }
    let mut fields = Fields::new();
    if let Some(handlers) = responses.finish(scope) {
        fields.insert("handle_response", handlers);
    }
    Ok(Handler::module("intercept", fields, span))
}

fn read_line<'a>(cursor: &mut Cursor<'a>, responses: &mut ResponseHandlers<'a>) -> Parsed<()> {
    match cursor.text() {
        name if name.starts_with('@') => responses.define(&mut cursor.nested()),
        "handle_response" => {
            responses.handle(cursor);
            Ok(())
        }
        "replace_status" => responses.replace_status(cursor),
        _ => Err(cursor.unknown(&DIRECTIVE.name, DIRECTIVE.rows.iter().map(|row| &*row.name))),
    }
}
