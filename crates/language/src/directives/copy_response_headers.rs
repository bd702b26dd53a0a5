//! `copy_response_headers`: takes over fields of the upstream's answer, inside `handle_response` (docs:
//! "`copy_response_headers`").

use crate::config::{Fields, Handler};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, HandlerModule, Kind, Parsed, Row, read_block};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler("copy_response_headers", "", "Copies header fields of the upstream's response; for `handle_response`", lower).rows(ROWS).example("reverse_proxy localhost:8080 {\n\thandle_response {\n\t\tcopy_response_headers {\n\t\t\tinclude Location\n\t\t}\n\t\trespond 200\n\t}\n}").makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule::new("copy_response_headers");

const ROWS: &[Row] = &[
    Row::new("include", "<fields...>", Kind::AnyTexts, "The only fields to copy"),
    Row::new("exclude", "<fields...>", Kind::AnyTexts, "The fields not to copy"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    cursor.no_args()?;
    let mut fields = Fields::new();
    read_block(cursor, &DIRECTIVE.name, &DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("copy_response_headers", fields, span))
}
