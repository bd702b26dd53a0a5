//! One word as a value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ecow::EcoString;

use super::Context;
use crate::config::{Value, float};
use crate::go;
use crate::plugins::definition::{Bad, Kind, Print, Row};
use crate::spec::{Cursor, Fault, Parsed, fault_list, not_a, not_a_duration, suggest, value};

/// The value of the current word. `None` if it is none of its kind and the row does not mind.
pub(super) fn of(context: Context, kind: &Kind, row: &Row, cursor: &Cursor) -> Parsed<Option<Value>> {
    let text = cursor.text();
    if let Some((_, value)) = row.map.iter().find(|(word, _)| word == text) {
        return Ok(Some(value.clone()));
    }
    match read(context, kind, row, text) {
        Some(value) => Ok(Some(value)),
        None if row.bad == Bad::Refuse => Err(bad(context, kind, row, cursor)),
        None => Ok(None),
    }
}

fn read(context: Context, kind: &Kind, row: &Row, text: &str) -> Option<Value> {
    // The limits of a list are how many values it has.
    let is_list = matches!(row.kind, Kind::List(_) | Kind::Items(_));
    let within = |number: f64| {
        is_list || row.least.is_none_or(|least| number >= least) && row.most.is_none_or(|most| number <= most)
    };
    #[expect(clippy::cast_precision_loss, reason = "limits are small")]
    let whole = |number: i64| within(number as f64).then(|| Value::from(number));
    match kind {
        Kind::Word(words) => words.iter().any(|word| word == text).then(|| Value::from(text)),
        Kind::Integer => whole(go::atoi(text)?),
        Kind::Unsigned => {
            let is_unsigned = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            whole(text.parse().ok().filter(|_| is_unsigned)?)
        }
        Kind::Number => go::go_float(text).filter(|number| number.is_finite() && within(*number)).map(float),
        Kind::Boolean => go::parse_bool(text).map(Value::Bool),
        Kind::Size => whole(go::size(text)?.cast_signed()),
        Kind::Duration => Some(printed(go::caddy_duration(text)?, row.print, text)),
        Kind::GoDuration => Some(printed(go::go_duration(text)?, row.print, text)),
        Kind::Prefix => is_prefix(text).then(|| Value::from(text)),
        Kind::Address => text.parse::<std::net::IpAddr>().is_ok().then(|| Value::from(text)),
        Kind::Bytes => Some(Value::from(STANDARD.encode(text))),
        Kind::Function(function) => (context.functions.kind)(*function, text),
        _ => Some(Value::from(text)),
    }
}

fn printed(nanoseconds: i64, print: Print, text: &str) -> Value {
    match print {
        Print::Nanoseconds => Value::from(nanoseconds),
        Print::Go => Value::from(go::print_duration(nanoseconds)),
        Print::Text => Value::from(text),
    }
}

/// Whether Go's `netip.ParsePrefix` reads it.
fn is_prefix(text: &str) -> bool {
    let Some((address, bits)) = text.rsplit_once('/') else { return false };
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let is_number = !bits.is_empty()
        && bits.bytes().all(|byte| byte.is_ascii_digit())
        && (bits.len() == 1 || !bits.starts_with('0'));
    is_number && bits.parse::<u32>().is_ok_and(|bits| bits <= most)
}

/// The fault of the current word, which is none of its kind.
fn bad(context: Context, kind: &Kind, row: &Row, cursor: &Cursor) -> Fault {
    let range = match (row.least, row.most) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(" that is at least {least}"),
        (None, Some(most)) => format!(" that is at most {most}"),
        (None, None) => String::new(),
    };
    match kind {
        Kind::Word(words) => {
            let example = words.first().map_or("", |word| word.as_str());
            let near = suggest(cursor.text(), words.iter().map(EcoString::as_str));
            not_a(cursor, &format!("one of {}", words_of(words)), example).suggest(cursor.word(), near)
        }
        Kind::Integer => not_a(cursor, &format!("a whole number{range}"), "42"),
        Kind::Unsigned => not_a(cursor, &format!("a whole number without a sign{range}"), "42"),
        Kind::Number => not_a(cursor, &format!("a number{range}"), "0.5"),
        Kind::Boolean => not_a(cursor, "a truth value", "true"),
        Kind::Size => not_a(cursor, "a size", "10MB"),
        Kind::GoDuration if go::caddy_duration(cursor.text()).is_some() => {
            value::duration_with_days(cursor.word())
        }
        Kind::Duration | Kind::GoDuration => not_a_duration(cursor),
        Kind::Prefix => not_a(cursor, "an IP network", "10.0.0.0/8"),
        Kind::Address => not_a(cursor, "an IP address", "192.0.2.1"),
        Kind::Function(function) => (context.functions.not_of)(*function, cursor),
        _ => not_a(cursor, "a value", "x"),
    }
}

/// Words as a sentence lists them.
pub(super) fn words_of(words: &[EcoString]) -> String {
    fault_list(&words.iter().map(EcoString::as_str).collect::<Vec<_>>())
}

/// The zero of a kind, as Go has it.
pub(super) fn zero(context: Context, kind: &Kind) -> Value {
    match kind {
        Kind::Flag | Kind::Boolean => Value::Bool(false),
        Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Size | Kind::Duration | Kind::GoDuration => {
            Value::from(0)
        }
        Kind::Text | Kind::Word(_) | Kind::Address | Kind::Prefix => Value::from(""),
        Kind::Function(function) => (context.functions.zero)(*function),
        _ => Value::Null,
    }
}

/// What a plugin keeps that goes on after a value which it could not read. A duration is written as others of its row.
pub(super) fn unread(context: Context, row: &Row) -> Value {
    match &row.kind {
        Kind::Duration | Kind::GoDuration => printed(0, row.print, "0"),
        kind => zero(context, kind),
    }
}

/// Whether Go leaves it out.
pub(super) fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        other => other.is_empty(),
    }
}
