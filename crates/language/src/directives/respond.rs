//! `respond`: a fixed answer (docs: "respond").

use crate::config::{Fields, Handler, Value, integer};
use crate::lower::{Directive, Scope};
use crate::spec::{
    Answer, Conduct, Cursor, Fault, HandlerModule, Kind, Parsed, Row, Serves, Shown, arguments,
};

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "respond",
    "<status>|<body> [<status>]",
    "Answers with a fixed body and status",
    lower,
)
.rows(ROWS)
.example("respond \"hello\" 200")
.makes(&HANDLER)
.known_by(&[])
.conduct(Conduct { answers: Answer::Always, serves: Serves::Fixed, ..Conduct::NONE });

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule {
    answers: Answer::Always,
    shows: &[Shown::Response],
    ..HandlerModule::new("static_response")
};

const ROWS: &[Row] = &[
    Row::new("body", "<text>", Kind::Own, "The body; another way to write the argument"),
    Row::new("close", "", Kind::Own, "Closes the connection after the response"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let args = cursor.args();
    match args.as_slice() {
        [only] => match status(&only.text) {
            Some(code) => set(&mut fields, "status_code", code),
            None => set(&mut fields, "body", Value::from(only.text.as_str())),
        },
        [body, code] => {
            set(&mut fields, "body", Value::from(body.text.as_str()));
            set(&mut fields, "status_code", weak_status(&code.text));
        }
        [] => return Err(cursor.missing(&name, "a status or a body")),
        [_, _, third, ..] => {
            return Err(arguments::surplus_text(third, "respond", "a body and a status", "body"));
        }
    }
    read_block(cursor, &mut fields)?;
    Ok(Handler::module("static_response", fields, name.span))
}

fn read_block(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let level = cursor.nesting();
    while cursor.next_block(level) {
        match cursor.text() {
            "body" => {
                if fields.contains_key("body") {
                    return Err(Fault::repeated(cursor.word(), "the body"));
                }
                let text = cursor.one_arg("a text")?;
                set(fields, "body", Value::from(text));
            }
            "close" => {
                if fields.contains_key("close") {
                    return Err(Fault::repeated(cursor.word(), "`close`"));
                }
                fields.insert("close", true);
            }
            _ => return Err(cursor.unknown("respond", DIRECTIVE.rows.iter().map(|row| &*row.name))),
        }
    }
    Ok(())
}

/// A lone argument is a status only when it is three bytes long and a positive number.
pub(super) fn status(text: &str) -> Option<Value> {
    crate::go::atoi(text).filter(|code| text.len() == 3 && *code > 0).map(Value::from)
}

/// A status that may be a placeholder: a number or a boolean where it reads as one.
pub(super) fn weak_status(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => crate::go::atoi(text).map_or_else(|| Value::from(text), integer),
    }
}

fn set(fields: &mut Fields, name: &str, value: Value) {
    if !value.is_empty() {
        fields.insert(name, value);
    }
}
