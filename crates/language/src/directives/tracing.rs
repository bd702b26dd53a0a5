//! `tracing`: a span of OpenTelemetry around the request (docs: "tracing").

use crate::config::{Fields, Handler, Value};
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, HandlerModule, Kind, Parsed, Row, Shown};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("tracing", "", "Adds an OpenTelemetry span for the request", lower)
        .rows(ROWS)
        .example("tracing {\n\tspan web\n}")
        .makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { shows: &[Shown::Value("span")], ..HandlerModule::new("tracing") };

const ROWS: &[Row] = &[
    Row::new("span", "<name>", Kind::Own, "The span's name"),
    Row::new("span_attributes", "{ <name> <value> }", Kind::Own, "The span's attributes"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    let mut attributes = Fields::new();
    fields.insert("span", "");
    cursor.no_more_args(&name, "a matcher")?;
    cursor.block(|cursor| {
        match cursor.text() {
            "span" => {
                let text = cursor.one_arg("a name")?;
                fields.insert("span", text);
            }
            "span_attributes" => {
                cursor.block(|cursor| {
                    let key = cursor.owned();
                    let value = cursor.one_arg("a value")?;
                    attributes.insert(key, Value::from(value));
                    Ok(())
                })?;
            }
            _ => return Err(cursor.unknown("tracing", DIRECTIVE.rows.iter().map(|row| &*row.name))),
        }
        Ok(())
    })?;
    if !attributes.is_empty() {
        fields.insert("span_attributes", attributes);
    }
    Ok(Handler::module("tracing", fields, name.span))
}
