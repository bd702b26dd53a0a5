//! The values of global options: what most of them take.

use crate::go;
use crate::spec::{Cursor, Parsed, not_a, not_a_duration};

/// The next word as a duration in nanoseconds, whatever line it stands on. Words behind it are not looked at, as Caddy
/// has it for options that take a duration.
pub(super) fn next_duration(cursor: &mut Cursor) -> Parsed<i64> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, "a duration"));
    }
    go::caddy_duration(cursor.text()).ok_or_else(|| not_a_duration(cursor))
}

/// The only word behind the option's name. Nothing may follow it, no block either.
pub(super) fn only_word(cursor: &mut Cursor, what: &str) -> Parsed<String> {
    let name = cursor.word().clone();
    if !cursor.next() {
        return Err(cursor.missing(&name, what));
    }
    let text = cursor.owned();
    if cursor.next() {
        return Err(cursor.surplus(&name, what));
    }
    Ok(text)
}

/// The only argument as a port, which Caddy does not check against a range here.
pub(super) fn port(cursor: &mut Cursor) -> Parsed<i64> {
    let text = cursor.one_arg("a port")?;
    go::atoi(&text).ok_or_else(|| not_a(cursor, "a port", "8080"))
}

/// The next argument as a duration in nanoseconds; words behind it stay to be read.
pub(super) fn duration_arg(cursor: &mut Cursor) -> Parsed<i64> {
    let text = cursor.need_arg("a duration")?;
    go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))
}

/// The only argument as a size in bytes.
pub(super) fn size_arg(cursor: &mut Cursor) -> Parsed<i64> {
    let text = cursor.one_arg("a size")?;
    go::size(&text).map(u64::cast_signed).ok_or_else(|| not_a(cursor, "a size", "10MB"))
}
