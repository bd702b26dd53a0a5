//! Rows that definitions share by a name which the program knows.

use std::collections::BTreeMap;

use ecow::EcoString;

use super::definition::{Kind, Row};
use super::read::text_row;

/// The rows, by the name that `rows_of` gives.
pub(super) fn rows() -> BTreeMap<EcoString, Vec<Row>> {
    BTreeMap::from([(EcoString::from("encoder"), encoder())])
}

/// What the log encoders of Caddy have in common, for encoders that are made of them.
fn encoder() -> Vec<Row> {
    let kept = |word, doc| Row { writes_zero: true, ..text_row(word, doc, Kind::Text) };
    vec![
        kept("message_key", "The key of the message"),
        kept("level_key", "The key of the level"),
        kept("time_key", "The key of the time"),
        kept("name_key", "The key of the logger's name"),
        kept("caller_key", "The key of the place in Caddy's code"),
        kept("stacktrace_key", "The key of the stack"),
        kept("line_ending", "What ends an entry"),
        text_row("time_format", "The name of a format, or a time format of Go", Kind::Text),
        text_row("time_local", "Local time instead of UTC", Kind::Flag),
        text_row("duration_format", "How durations look: seconds, ms, ns or string", Kind::Text),
        text_row("level_format", "How levels look: lower, upper or color", Kind::Text),
    ]
}
