//! `timeouts`: how long clients may stall while they are read from or written to (docs: "timeouts").

use crate::config::{Fields, Handler, duration, integer};
use crate::go;
use crate::lower::{Directive, Scope};
use crate::spec::{Cursor, HandlerModule, Kind, Parsed, Row, not_a, not_a_duration, put, read_block, value};

/// The directive.
pub(crate) static DIRECTIVE: Directive =
    Directive::handler("timeouts", "", "Time limits for slow clients", lower)
        .rows(ROWS)
        .example("timeouts {\n\tread_timeout 30s 1024\n}")
        .makes(&HANDLER);

/// The handler.
pub(super) static HANDLER: HandlerModule = HandlerModule::new("timeouts");

const ROWS: &[Row] = &[
    Row::new(
        "read_timeout",
        "<duration> [<bytes/s>]",
        Kind::Custom(|cursor, fields| timeout(cursor, fields, "read_timeout", "read_min_rate")),
        "The time limit for reading the body, and the minimum rate",
    ),
    Row::new(
        "write_timeout",
        "<duration> [<bytes/s>]",
        Kind::Custom(|cursor, fields| timeout(cursor, fields, "write_timeout", "write_min_rate")),
        "The time limit for writing the response, and the minimum rate",
    ),
    Row::new("max_write_chunk", "<size>", Kind::Size, "The maximum size of one write"),
];

fn lower(cursor: &mut Cursor, _scope: &mut Scope) -> Parsed<Handler> {
    let span = cursor.word().span;
    let mut fields = Fields::new();
    read_block(cursor, &DIRECTIVE.name, &DIRECTIVE.rows, &mut fields)?;
    Ok(Handler::module("timeouts", fields, span))
}

/// Reads a duration, which cannot have days here, and a rate. Without a rate, that of an earlier line stays.
fn timeout(cursor: &mut Cursor, fields: &mut Fields, key: &str, rate_key: &str) -> Parsed<()> {
    let name = cursor.word().clone();
    let text = cursor.need_arg("a duration")?;
    let nanoseconds = go::go_duration(&text).ok_or_else(|| match go::caddy_duration(&text) {
        Some(_) => value::days(cursor.word()),
        None => not_a_duration(cursor),
    })?;
    put(fields, key, (nanoseconds != 0).then(|| duration(nanoseconds)));
    if let Some(text) = cursor.arg() {
        let rate = go::atoi(&text).ok_or_else(|| not_a(cursor, "a number of bytes a second", "1024"))?;
        put(fields, rate_key, (rate != 0).then(|| integer(rate)));
    }
    cursor.no_more_args(&name, "a duration and a rate")
}
