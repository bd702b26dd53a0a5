//! Conversions between kinds of values, and the parts of times.

use super::super::cel::{Cel, Found, no_overload};

const SECOND: i128 = 1_000_000_000;

/// The value as one of the kind `name`.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as CEL converts"
)]
pub(super) fn to(name: &str, value: &Cel) -> Found {
    let range = || Err(format!("{name} out of range"));
    match (name, value) {
        ("int", Cel::Int(_))
        | ("uint", Cel::Uint(_))
        | ("double", Cel::Double(_))
        | ("string", Cel::Text(_))
        | ("bool", Cel::Bool(_))
        | ("bytes", Cel::Bytes(_))
        | ("duration", Cel::Duration(_))
        | ("timestamp", Cel::Timestamp(_)) => Ok(value.clone()),
        ("int", Cel::Uint(number)) => i64::try_from(*number).map(Cel::Int).or_else(|_| range()),
        ("int", Cel::Double(number)) if number.abs() < 9.223_372_036_854_775e18 => {
            Ok(Cel::Int(*number as i64))
        }
        ("int", Cel::Text(text)) => {
            digits(text, true).and_then(|text| text.parse().ok()).map(Cel::Int).ok_or_else(|| bad(name))
        }
        ("int", Cel::Timestamp(time)) => Ok(Cel::Int((time / SECOND) as i64)),
        ("int", Cel::Duration(time)) => Ok(Cel::Int(*time as i64)),
        ("uint", Cel::Int(number)) => u64::try_from(*number).map(Cel::Uint).or_else(|_| range()),
        ("uint", Cel::Double(number)) if (0.0..1.844_674_407_370_955e19).contains(number) => {
            Ok(Cel::Uint(*number as u64))
        }
        ("uint", Cel::Text(text)) => {
            digits(text, false).and_then(|text| text.parse().ok()).map(Cel::Uint).ok_or_else(|| bad(name))
        }
        ("double", Cel::Int(number)) => Ok(Cel::Double(*number as f64)),
        ("double", Cel::Uint(number)) => Ok(Cel::Double(*number as f64)),
        ("double", Cel::Text(text)) => text.parse().map(Cel::Double).map_err(|_| bad(name)),
        ("bool", Cel::Text(text)) => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Cel::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Cel::Bool(false)),
            _ => Err(bad(name)),
        },
        ("string", Cel::Bool(flag)) => Ok(Cel::Text(flag.to_string())),
        ("string", Cel::Int(number)) => Ok(Cel::Text(number.to_string())),
        ("string", Cel::Uint(number)) => Ok(Cel::Text(number.to_string())),
        ("string", Cel::Double(number)) => Ok(Cel::Text(number.to_string())),
        ("string", Cel::Bytes(bytes)) => match String::from_utf8(bytes.clone()) {
            Ok(text) => Ok(Cel::Text(text)),
            Err(_) => Err("invalid UTF-8 in bytes".to_owned()),
        },
        ("string", Cel::Duration(time)) => Ok(Cel::Text(format!("{}s", *time as f64 / 1e9))),
        ("bytes", Cel::Text(text)) => Ok(Cel::Bytes(text.as_bytes().to_vec())),
        ("duration", Cel::Text(text)) => duration(text).map(Cel::Duration).ok_or_else(|| bad(name)),
        ("timestamp", Cel::Int(seconds)) => Ok(Cel::Timestamp(i128::from(*seconds) * SECOND)),
        ("timestamp", Cel::Text(text)) => timestamp(text).map(Cel::Timestamp).ok_or_else(|| bad(name)),
        _ => no_overload(),
    }
}

fn bad(name: &str) -> String {
    format!("type conversion error from 'string' to '{name}'")
}

fn digits(text: &str, signed: bool) -> Option<&str> {
    let inner = if signed { text.strip_prefix(['+', '-']).unwrap_or(text) } else { text };
    (!inner.is_empty() && inner.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.strip_prefix('+').unwrap_or(text))
}

/// Go's durations, without `d`.
fn duration(text: &str) -> Option<i128> {
    if text.contains('d') {
        return None;
    }
    caddyctl_language::go::caddy_duration(text).map(i128::from)
}

/// RFC 3339, in nanoseconds since 1970.
fn timestamp(text: &str) -> Option<i128> {
    let (date, time) = text.split_once('T')?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let zone = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone);
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
    let second: f64 = parts.next()?.parse().ok()?;
    let offset = match zone {
        "Z" => 0,
        zone => {
            let (hours, minutes) = zone[1..].split_once(':')?;
            let total = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if zone.starts_with('-') { -total } else { total }
        }
    };
    let days = days(year, month, day);
    let seconds = i128::from(days * 86_400 + hour * 3600 + (minute - offset) * 60);
    #[expect(clippy::cast_possible_truncation, reason = "less than a minute")]
    let rest = (second * 1e9).round() as i128;
    Some(seconds * SECOND + rest)
}

/// Days since 1970 (proleptic Gregorian calendar).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// `getHours` and its like, in UTC.
pub(super) fn part(name: &str, args: &[Cel]) -> Found {
    let number = |number: i128| Ok(Cel::Int(i64::try_from(number).unwrap_or(0)));
    match args {
        [Cel::Duration(time)] => match name {
            "getHours" => number(time / (3600 * SECOND)),
            "getMinutes" => number(time / (60 * SECOND)),
            "getSeconds" => number(time / SECOND),
            "getMilliseconds" => number(time / 1_000_000 % 1000),
            _ => no_overload(),
        },
        [Cel::Timestamp(time)] => {
            let seconds = time.div_euclid(SECOND);
            let of_day = seconds.rem_euclid(86_400);
            let (year, month, day, of_year) = date(i64::try_from(seconds.div_euclid(86_400)).unwrap_or(0));
            match name {
                "getFullYear" => number(year.into()),
                "getMonth" => number((month - 1).into()),
                "getDayOfMonth" => number((day - 1).into()),
                "getDate" => number(day.into()),
                "getDayOfYear" => number(of_year.into()),
                "getDayOfWeek" => number((seconds.div_euclid(86_400) + 4).rem_euclid(7)),
                "getHours" => number(of_day / 3600),
                "getMinutes" => number(of_day / 60 % 60),
                "getSeconds" => number(of_day % 60),
                "getMilliseconds" => number(time.rem_euclid(SECOND) / 1_000_000),
                _ => no_overload(),
            }
        }
        _ => no_overload(),
    }
}

/// Year, month, day, and the day of the year from 0.
fn date(since: i64) -> (i64, i64, i64, i64) {
    let shifted = since + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day, since - days(year, 1, 1))
}
