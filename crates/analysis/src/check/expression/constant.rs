//! Parts whose value is known: Caddy computes conversions and compiles patterns when it loads the expression.

use super::Fault;
use super::ast::{Expr, Kind, Literal};
use crate::check::regexp;

/// Looks at every part of `expr`.
pub(super) fn check(expr: &Expr) -> Result<(), Fault> {
    value(expr).map(|_| ())
}

/// What is known of a part when the expression is loaded.
enum Value {
    /// A literal, or a conversion of one.
    Known(Literal),
    /// Something else that no request can change: a list, a map, a type.
    Fixed,
    /// Only known when a request comes.
    Open,
}

fn value(expr: &Expr) -> Result<Value, Fault> {
    match &expr.kind {
        Kind::Literal(literal) => return Ok(Value::Known(literal.clone())),
        Kind::Ident(name) if is_type(name) => return Ok(Value::Fixed),
        Kind::Ident(_) | Kind::Message(_) => {}
        Kind::Select(operand, _) | Kind::Has(operand, _) => check(operand)?,
        Kind::Call(name, args) => return call(name, args, expr.at),
        Kind::Member(target, name, args) => {
            check(target)?;
            args.iter().try_for_each(check)?;
            if let ("matches", [pattern]) = (name.as_str(), args.as_slice()) {
                self::pattern(pattern)?;
            }
        }
        Kind::List(items) => return fixed(items.iter()),
        Kind::Map(entries) => return fixed(entries.iter().flat_map(|(key, value)| [key, value])),
        Kind::Matcher(_, args) => args.iter().try_for_each(check)?,
        Kind::Fold(fold) => {
            check(&fold.range)?;
            fold.condition.iter().chain(&fold.value).try_for_each(check)?;
        }
        Kind::Bind(_, value, body) => check(value).and_then(|()| check(body))?,
    }
    Ok(Value::Open)
}

fn is_type(name: &str) -> bool {
    matches!(
        name,
        "bool" | "bytes" | "double" | "int" | "list" | "map" | "null_type" | "string" | "type" | "uint"
    )
}

fn fixed<'e>(items: impl Iterator<Item = &'e Expr>) -> Result<Value, Fault> {
    let mut all = true;
    for item in items {
        all &= !matches!(value(item)?, Value::Open);
    }
    Ok(if all { Value::Fixed } else { Value::Open })
}

fn call(name: &str, args: &[Expr], at: usize) -> Result<Value, Fault> {
    let mut values = Vec::with_capacity(args.len());
    // No iterator does this: its frames would take stack for each level.
    for arg in args {
        values.push(value(arg)?);
    }
    called(name, args, &values, at)
}

fn called(name: &str, args: &[Expr], values: &[Value], at: usize) -> Result<Value, Fault> {
    match (name, args, values) {
        ("matches", [_, pattern], _) => self::pattern(pattern)?,
        ("[]", [_, index], [_, known]) => key(index, known)?,
        (name, [_], [Value::Known(literal)]) => return conversion(name, literal, at),
        _ => {}
    }
    Ok(Value::Open)
}

/// An index that is known must be of a kind that maps and lists have.
fn key(index: &Expr, known: &Value) -> Result<(), Fault> {
    match known {
        Value::Fixed | Value::Known(Literal::Null | Literal::Bytes(_)) => {
            Fault::new(index.at, "only numbers, strings and booleans are allowed between the brackets")
        }
        _ => Ok(()),
    }
}

fn pattern(expr: &Expr) -> Result<(), Fault> {
    let Some(text) = expr.text() else { return Ok(()) };
    match regexp::check(text) {
        Ok(()) => Ok(()),
        Err(fault) => {
            let reason = format!("`{text}` is not a regular expression: {fault}");
            Err(Fault { at: Some(expr.at), word: None, reason, help: fault.help })
        }
    }
}

fn conversion(name: &str, literal: &Literal, at: usize) -> Result<Value, Fault> {
    let known = |literal| Some(Value::Known(literal));
    let found = match (name, literal) {
        ("int", Literal::Text(text)) => whole(text, true)
            .and_then(|text| text.parse().ok())
            .map(|value| Value::Known(Literal::Int(value))),
        ("uint", Literal::Text(text)) => whole(text, false)
            .and_then(|text| text.parse().ok())
            .map(|value| Value::Known(Literal::Uint(value))),
        ("double", Literal::Text(text)) => is_double(text).then_some(Value::Open),
        ("bool", Literal::Text(text)) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => known(Literal::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => known(Literal::Bool(false)),
            _ => None,
        },
        ("duration", Literal::Text(text)) => is_duration(text).then_some(Value::Fixed),
        ("timestamp", Literal::Text(text)) => is_timestamp(text).then_some(Value::Fixed),
        ("timestamp", Literal::Int(value)) => {
            (-62_135_596_800..=253_402_300_799).contains(value).then_some(Value::Fixed)
        }
        ("int", Literal::Double(value)) => (value.abs() < 9.223_372_036_854_775e18).then_some(Value::Open),
        ("int", Literal::Uint(value)) => {
            i64::try_from(*value).ok().map(|value| Value::Known(Literal::Int(value)))
        }
        ("uint", Literal::Int(value)) => {
            u64::try_from(*value).ok().map(|value| Value::Known(Literal::Uint(value)))
        }
        ("uint", Literal::Double(value)) => {
            (0.0..1.844_674_407_370_955e19).contains(value).then_some(Value::Open)
        }
        ("int" | "uint" | "bool" | "double", same) => known(same.clone()),
        ("string", Literal::Text(text)) => known(Literal::Text(text.clone())),
        ("string", Literal::Int(value)) => known(Literal::Text(value.to_string())),
        ("string", Literal::Uint(value)) => known(Literal::Text(value.to_string())),
        ("string", Literal::Bool(value)) => known(Literal::Text(value.to_string())),
        ("string", Literal::Double(value)) => known(Literal::Text(value.to_string())),
        _ => Some(Value::Open),
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let shown = match literal {
        Literal::Text(text) => format!("'{text}'"),
        Literal::Int(value) => value.to_string(),
        Literal::Uint(value) => format!("{value}u"),
        Literal::Double(value) => value.to_string(),
        _ => "the value".to_owned(),
    };
    Fault::new(at, format!("{shown} cannot become a {name}"))
}

/// The text, if it is nothing but decimal digits, perhaps with a sign.
fn whole(text: &str, signed: bool) -> Option<&str> {
    let digits = if signed { text.strip_prefix(['+', '-']).unwrap_or(text) } else { text };
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(text)
}

/// Go's floating-point numbers; digits may be grouped with `_`, and `0x1p4` is 16.
fn is_double(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let grouped = text.match_indices('_').all(|(at, _)| at > 0 && digit(at - 1) && digit(at + 1));
    let plain = text.replace('_', "");
    let hex = plain.trim_start_matches(['+', '-']).to_lowercase();
    if let Some((mantissa, exponent)) = hex.strip_prefix("0x").and_then(|hex| hex.split_once('p')) {
        let digits = mantissa.replacen('.', "", 1);
        return !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_hexdigit())
            && exponent.parse::<i32>().is_ok();
    }
    let named = plain.to_lowercase().contains(['i', 'n']);
    grouped && plain.parse::<f64>().is_ok_and(|value| value.is_finite() || named)
}

/// Go's durations: numbers with units, such as `1h30m` or `-1.5s`, up to 292 years.
fn is_duration(text: &str) -> bool {
    const UNITS: [(&str, f64); 8] = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("μs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3600.0),
    ];
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let (mut any, mut seconds) = (false, 0.0);
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (digits, after) = rest.split_at(number);
        let letters = after.len() - after.trim_start_matches(|c: char| c != '.' && !c.is_ascii_digit()).len();
        let (unit, after) = after.split_at(letters);
        let found = UNITS.iter().find(|(name, _)| *name == unit);
        let (Ok(amount), Some((_, factor))) = (digits.parse::<f64>(), found) else { return false };
        seconds += amount * factor;
        rest = after;
        any = true;
    }
    any && seconds < 9.223_372_036e9
}

/// RFC 3339: `2024-01-31T12:00:00Z`, perhaps with a fraction and an offset.
fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let numbers = |text: &str, mark: char, lengths: &[usize]| -> Option<Vec<u32>> {
        let parts: Vec<&str> = text.split(mark).collect();
        let sound = parts.len() == lengths.len()
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, length)| part.len() == *length && part.bytes().all(|b| b.is_ascii_digit()));
        if sound { parts.iter().map(|part| part.parse().ok()).collect() } else { None }
    };
    let Some(date) = numbers(date, '-', &[4, 2, 2]) else { return false };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => return false,
    };
    let zone =
        zone == "Z" || numbers(&zone[1..], ':', &[2, 2]).is_some_and(|zone| zone[0] <= 23 && zone[1] <= 59);
    let (clock, fraction) = clock.split_once('.').map_or((clock, "0"), |(clock, fraction)| (clock, fraction));
    let fraction = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    let Some(clock) = numbers(clock, ':', &[2, 2, 2]) else { return false };
    let leap = date[0] % 4 == 0 && (date[0] % 100 != 0 || date[0] % 400 == 0);
    let days = match date[1] {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    };
    zone && fraction
        && (1..=12).contains(&date[1])
        && (1..=days).contains(&date[2])
        && clock[0] < 24
        && clock[1] < 60
        && clock[2] < 60
}
