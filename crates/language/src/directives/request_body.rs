//! `request_body`: limits or replaces the body of requests (docs: "`request_body`").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Conduct, Cursor, HandlerModule, Kind, Parsed, Raises, Row, Shown, read_block};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("request_body", "", "Limits or replaces the body of requests", lower)
        .rows(ROWS)
        .example("request_body {\n\tmax_size 10MB\n}")
        .makes(&HANDLER)
        .conduct(Conduct { raises: Raises::Seldom, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { shows: &[Shown::Size("max_size")], ..HandlerModule::new("request_body") };

const ROWS: &[Row] = &[
    Row::new("max_size", "<size>", Kind::Size, "The maximum size of the body"),
    Row::new("set", "<body>", Kind::Text, "Replaces the body"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut fields = Fields::new();
    // Before 2.8.4, Caddy passes over words on the line.
    if !cursor.version().has(Change::LineWordsCount) {
        cursor.args();
    }
    read_block(cursor, &DIRECTIVE.name, &DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("request_body", fields, span))
}
