//! `copy_response`: gives the upstream's answer after all, inside `handle_response` (docs: "`copy_response`").

use crate::config::{Fields, Handler, weak};
use crate::lower::{Directive, Scope};
use crate::spec::{Answer, Conduct, Cursor, HandlerModule, Kind, Parsed, Row, Serves};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "copy_response",
    "[<status>]",
    "Sends the upstream's response to the client; for `handle_response`",
    lower,
)
.rows(ROWS)
.example("reverse_proxy localhost:8080 {\n\thandle_response {\n\t\tcopy_response 203\n\t}\n}")
.makes(&HANDLER)
.conduct(Conduct { answers: Answer::Always, serves: Serves::Own, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { answers: Answer::Always, ..HandlerModule::new("copy_response") };

const ROWS: &[Row] =
    &[Row::new("status", "<status>", Kind::Own, "The status; that of the upstream by default")];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut status = None;
    // A lone argument counts if it is a positive number; everything else on the line is passed over by Caddy.
    if let [only] = cursor.args().as_slice()
        && crate::go::atoi(&only.text).is_some_and(|code| code > 0)
    {
        status = Some(weak(&only.text));
    } else {
        let level = cursor.nesting();
        while cursor.next_block(level) {
            if cursor.text() != "status" {
                return Err(cursor.unknown(&DIRECTIVE.name, ["status"]));
            }
            let text = cursor.need_arg("a status")?;
            status = (!text.is_empty()).then(|| weak(&text));
        }
    }
    let fields: Fields = status.map(|status| ("status_code".to_owned(), status)).into_iter().collect();
    Ok(Handler::module("copy_response", fields, span))
}
