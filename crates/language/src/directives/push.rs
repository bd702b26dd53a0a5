//! `push`: sends further resources before they are asked for (docs: "push").

use crate::config::{Fields, Handler, Value};
use crate::lower::{Directive, Scope};
use crate::modules::header_ops::HeaderOps;
use crate::spec::{Cursor, HandlerModule, Kind, Parsed, Row, age, arguments};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive = Directive::handler(
    "push",
    "[<resource>]",
    "Sends resources before the client requests them (HTTP/2 push)",
    lower,
)
.rows(ROWS)
.lines("[GET|HEAD] <resource>")
.example("push / /style.css")
.makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule::new("push");

const ROWS: &[Row] = &[
    Row::new("GET", "<resource>", Kind::Own, "A resource, as a request with this method"),
    Row::new("HEAD", "<resource>", Kind::Own, "A resource, as a request with this method"),
    Row::new("headers", "{ [+|-]<field> ... }", Kind::Own, "Changes the header fields of these requests"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut resources = Vec::new();
    let mut ops = HeaderOps::default();
    // Caddy does not look at words behind the resource.
    resources.extend(cursor.arg().map(|target| resource(None, target)));
    if !cursor.version().has(Change::LineWordsCount) && cursor.next_arg() {
        return Err(age::not_modelled(cursor.word(), cursor.version(), "a second word behind `push`"));
    }
    cursor.block(|cursor| {
        match cursor.text() {
            "headers" => headers(cursor, &mut ops)?,
            "GET" | "HEAD" => {
                let method = cursor.owned();
                let target = cursor.need_arg("a resource")?;
                resources.push(resource(Some(method), target));
            }
            target => resources.push(resource(None, target.to_owned())),
        }
        Ok(())
    })?;
    let mut fields = Fields::new();
    if !ops.is_empty() {
        fields.insert("headers", ops.into_fields());
    }
    if !resources.is_empty() {
        fields.insert("resources", resources);
    }
    Ok(Handler::module("push", fields, span))
}

fn resource(method: Option<String>, target: String) -> Value {
    let texts = [("method", method.unwrap_or_default()), ("target", target)];
    let given = texts.into_iter().filter(|(_, text)| !text.is_empty());
    Value::Object(given.map(|(key, text)| (key.to_owned(), Value::from(text))).collect())
}

/// Reads the block `headers`.
fn headers(cursor: &mut Cursor, ops: &mut HeaderOps) -> Parsed<()> {
    cursor.no_args()?;
    cursor.block(|cursor| {
        let place = cursor.word().clone();
        let value = cursor.arg().unwrap_or_default();
        let replacement = cursor.arg();
        if cursor.next_arg() {
            return Err(arguments::surplus_of(cursor.word(), "a field", "a value and a replacement"));
        }
        ops.apply(&place, &place.text, &value, replacement.as_deref())?;
        Ok(())
    })?;
    Ok(())
}
