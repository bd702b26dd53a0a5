//! `encode`: compresses answers (docs: "encode").

use crate::config::{Fields, Handler, Module, Value, integer, json};
use crate::diagnostics::Code;
use crate::go;
use crate::lower::{Directive, Scope};
use crate::modules::{encoding, response_matcher};
use crate::spec::{Changes, Cursor, Fault, HandlerModule, Kind, List, Parsed, Row, Shown, not_a, put};
use crate::version::Change;

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("encode", "[<encodings...>]", "Compresses responses", lower)
        .rows(ROWS)
        .example("encode zstd gzip")
        .makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule =
    HandlerModule { changes: Changes::Body, shows: &[Shown::Encodings], ..HandlerModule::new("encode") };

const ROWS: &[Row] = &[
    Row::new("gzip", "[<level>]", Kind::Module(&encoding::NAMESPACE), "Offers gzip"),
    Row::new("zstd", "[<level>]", Kind::Module(&encoding::NAMESPACE), "Offers zstd"),
    Row::new("minimum_length", "<bytes>", Kind::Own, "Does not compress responses that are shorter"),
    Row::new("match", "...", Kind::Block(List::Static(response_matcher::ROWS)), "Only responses that match")
        .once(),
];

/// What a bare `encode` offers, the preferred one first.
const DEFAULT: [&str; 2] = ["zstd", "gzip"];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let name = cursor.word().clone();
    let inline = cursor.args();
    let mut fields = Fields::new();
    let mut encodings = Fields::new();
    let mut prefer = Vec::new();
    cursor.block(|cursor| {
        match cursor.text() {
            "minimum_length" => {
                let text = cursor.need_arg("a number of bytes")?;
                let length = go::atoi(&text).ok_or_else(|| not_a(cursor, "a number of bytes", "512"))?;
                put(&mut fields, "minimum_length", (length != 0).then(|| integer(length)));
            }
            "match" => {
                if fields.contains_key("match") {
                    return Err(Fault::new(Code::REPEATED, cursor.word(), "`match` is given twice")
                        .help("put everything into one block"));
                }
                let matcher = response_matcher::read(&mut cursor.nested())?;
                fields.insert("match", matcher);
            }
            _ => {
                let Some(read) = encoding::NAMESPACE.read_unnamed(cursor) else {
                    return Err(cursor.unknown("encode", DIRECTIVE.rows.iter().map(|row| &*row.name)));
                };
                let (name, encoding) = read?;
                prefer.push(name.to_string());
                encodings.insert(name, encoding);
            }
        }
        Ok(())
    })?;
    let of_block = prefer.len();
    let has_defaults = cursor.version().has(Change::EncodeDefaults);
    for word in inline {
        let mut alone = cursor.over(vec![word]);
        alone.next();
        let mut encoding: Module = encoding::NAMESPACE.read_word(&alone)?;
        if let Some(Value::String(name)) = encoding.remove(encoding::NAMESPACE.key) {
            prefer.push(name.to_string());
            encodings.insert(name, Value::Object(encoding));
        }
    }
    if !has_defaults {
        // Before 2.9.1, the formats of the line come first, and there are no others.
        prefer.rotate_left(of_block);
        if prefer.is_empty() {
            return Ok(Handler::module("encode", fields, name.span));
        }
    }
    if prefer.is_empty() {
        prefer.extend(DEFAULT.map(str::to_owned));
        encodings.extend(DEFAULT.map(|name| (name.to_owned(), json!({}))));
    }
    fields.insert("encodings", encodings);
    fields.insert("prefer", prefer);
    Ok(Handler::module("encode", fields, name.span))
}
