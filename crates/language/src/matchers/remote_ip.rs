//! `remote_ip`: the peer's address is in one of these ranges (docs: "Request matchers").

use super::path::no_block;
use crate::config::{Fields, Value};
use crate::spec::{Cursor, MatcherModule, Parsed, value};
use crate::version::Change;

/// The matcher.
pub(crate) static MATCHER: MatcherModule =
    MatcherModule::new("remote_ip", "<ranges...>", "The peer's address is in one of these ranges", read)
        .example("remote_ip 10.0.0.0/8");

fn read(cursor: &mut Cursor, _name: &str) -> Parsed<Value> {
    let mut ahead = cursor.clone();
    while ahead.next() {
        if ahead.text() == "forwarded" {
            if cursor.version().has(Change::ForwardedIsGone) {
                return Err(value::forwarded(ahead.word()));
            }
            return forwarded(cursor);
        }
    }
    ranges(cursor)
}

/// The ranges behind `forwarded`, which Caddy 2.6.2 has: the client's own header counts.
fn forwarded(cursor: &mut Cursor) -> Parsed<Value> {
    let mut ranges = Vec::new();
    while cursor.next() {
        let word = cursor.word().clone();
        while cursor.next_arg() {
            let is_option = cursor.text() == "forwarded";
            if is_option && !ranges.is_empty() {
                return Err(value::forwarded_first(cursor.word()));
            }
            if !is_option {
                push_range(&mut ranges, cursor.text());
            }
        }
        no_block(cursor, &word)?;
    }
    let mut fields = Fields::new();
    fields.insert("forwarded", true);
    if !ranges.is_empty() {
        fields.insert("ranges", ranges);
    }
    Ok(Value::Object(fields))
}

/// The ranges of all lines; `private_ranges` stands for the private ones.
pub(super) fn ranges(cursor: &mut Cursor) -> Parsed<Value> {
    let mut ranges = Vec::new();
    while cursor.next() {
        let word = cursor.word().clone();
        while cursor.next_arg() {
            push_range(&mut ranges, cursor.text());
        }
        no_block(cursor, &word)?;
    }
    let mut fields = Fields::new();
    if !ranges.is_empty() {
        fields.insert("ranges", ranges);
    }
    Ok(Value::Object(fields))
}

/// Adds a range, or the private ones for `private_ranges`.
pub(crate) fn push_range(ranges: &mut Vec<String>, text: &str) {
    if text == "private_ranges" {
        ranges.extend(PRIVATE_RANGES.iter().map(|range| (*range).to_owned()));
    } else {
        ranges.push(text.to_owned());
    }
}

/// What `private_ranges` stands for (measured on Caddy 2.11.7).
const PRIVATE_RANGES: [&str; 6] =
    ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1"];
