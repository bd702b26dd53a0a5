//! Parts whose value is known: Caddy computes conversions and compiles patterns when it loads the expression.

use super::Fault;
use super::ast::{Expr, Kind, Literal};
use super::format;
use crate::check::regexp;

/// Looks at every part of `expr`.
pub(super) fn check(expr: &Expr) -> Result<(), Fault> {
    match &expr.kind {
        Kind::Literal(_) | Kind::Ident(_) | Kind::Message(_) => {}
        Kind::Select(operand, _) | Kind::Has(operand, _) => check(operand)?,
        Kind::Call(name, args) => {
            args.iter().try_for_each(check)?;
            match (name.as_str(), args.as_slice()) {
                ("matches", [_, pattern]) => self::pattern(pattern)?,
                (name, [Expr { kind: Kind::Literal(literal), .. }]) => conversion(name, literal, expr.at)?,
                _ => {}
            }
        }
        Kind::Member(target, name, args) => {
            check(target)?;
            args.iter().try_for_each(check)?;
            match (name.as_str(), args.as_slice()) {
                ("matches", [pattern]) => self::pattern(pattern)?,
                ("format", [list]) => format::check(target, list)?,
                _ => {}
            }
        }
        Kind::List(items) | Kind::Matcher(_, items) => items.iter().try_for_each(check)?,
        Kind::Map(entries) => {
            entries.iter().try_for_each(|(key, value)| check(key).and_then(|()| check(value)))?
        }
        Kind::Fold(fold) => {
            check(&fold.range)?;
            fold.condition.iter().chain(&fold.value).try_for_each(check)?;
        }
        Kind::Bind(_, value, body) => check(value).and_then(|()| check(body))?,
    }
    Ok(())
}

fn pattern(expr: &Expr) -> Result<(), Fault> {
    let Some(text) = expr.text() else { return Ok(()) };
    match regexp::check(text) {
        Ok(()) => Ok(()),
        Err(fault) => {
            let reason = format!("`{text}` is not a regular expression: {fault}");
            Err(Fault { at: Some(expr.at), reason, help: fault.help })
        }
    }
}

fn conversion(name: &str, literal: &Literal, at: usize) -> Result<(), Fault> {
    let sound = match (name, literal) {
        ("int", Literal::Text(text)) => whole(text, true).is_some_and(|text| text.parse::<i64>().is_ok()),
        ("uint", Literal::Text(text)) => whole(text, false).is_some_and(|text| text.parse::<u64>().is_ok()),
        ("double", Literal::Text(text)) => is_double(text),
        ("bool", Literal::Text(text)) => {
            matches!(
                text.as_str(),
                "1" | "t" | "T" | "true" | "TRUE" | "True" | "0" | "f" | "F" | "false" | "FALSE" | "False"
            )
        }
        ("duration", Literal::Text(text)) => is_duration(text),
        ("timestamp", Literal::Text(text)) => is_timestamp(text),
        ("int", Literal::Double(value)) => {
            *value > -9.223_372_036_854_775e18 && *value < 9.223_372_036_854_775e18
        }
        ("int", Literal::Uint(value)) => i64::try_from(*value).is_ok(),
        ("uint", Literal::Int(value)) => *value >= 0,
        ("uint", Literal::Double(value)) => *value >= 0.0 && *value < 1.844_674_407_370_955e19,
        ("timestamp", Literal::Int(value)) => (-62_135_596_800..=253_402_300_799).contains(value),
        _ => true,
    };
    if sound {
        return Ok(());
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

fn is_double(text: &str) -> bool {
    let plain = text.replace('_', "x");
    plain
        .parse::<f64>()
        .is_ok_and(|value| value.is_finite() || plain.to_lowercase().contains("inf") || value.is_nan())
}

/// Go's durations: numbers with units, such as `1h30m` or `-1.5s`.
fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut any = false;
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let (digits, after) = rest.split_at(number);
        let sound = digits.bytes().any(|b| b.is_ascii_digit()) && digits.matches('.').count() <= 1;
        let unit = ["ns", "us", "µs", "μs", "ms", "s", "m", "h"].into_iter().find(|unit| {
            after.strip_prefix(unit).is_some_and(|next| !next.starts_with(|c: char| c.is_alphabetic()))
        });
        let Some(unit) = unit.filter(|_| sound) else { return false };
        rest = &after[unit.len()..];
        any = true;
    }
    any
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
