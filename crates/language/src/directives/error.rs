//! `error`: an error for `handle_errors` (docs: "error").

use super::respond::{status, weak_status};
use crate::config::{Fields, Handler, Value};
use crate::lower::{Directive, Scope};
use crate::spec::{
    Answer, Conduct, Cursor, Fault, HandlerModule, Kind, Parsed, Raises, Row, Serves, Shown, arguments,
};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "error",
    "<status>|<message> [<status>]",
    "Raises an error, which `handle_errors` answers",
    lower,
)
.rows(ROWS)
.example("error /hidden/* \"not here\" 404")
.makes(&HANDLER)
.conduct(Conduct { answers: Answer::Always, serves: Serves::Fixed, raises: Raises::Often, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Always,
    shows: &[Shown::Value("status_code"), Shown::Value("error")],
    ..HandlerModule::new("error")
};

const ROWS: &[Row] =
    &[Row::new("message", "<text>", Kind::Own, "The message; another way to write the argument")];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_empty() {
            fields.insert(name, value);
        }
    };
    match cursor.args().as_slice() {
        [only] => match status(&only.text) {
            Some(code) => set("status_code", code),
            None => set("error", Value::from(only.text.as_str())),
        },
        [message, code] => {
            set("error", Value::from(message.text.as_str()));
            set("status_code", weak_status(&code.text));
        }
        [] => return Err(cursor.missing(&name, "a status or a message")),
        [_, _, third, ..] => {
            return Err(arguments::surplus_text(third, "error", "a message and a status", "message"));
        }
    }
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if cursor.text() != "message" {
            return Err(cursor.unknown("error", DIRECTIVE.rows.iter().map(|row| &*row.name)));
        }
        if fields.contains_key("error") {
            return Err(Fault::repeated(cursor.word(), "the message"));
        }
        let text = cursor.one_arg("a text")?;
        if !text.is_empty() {
            fields.insert("error", text);
        }
    }
    Ok(Handler::module("error", fields, name.span))
}
