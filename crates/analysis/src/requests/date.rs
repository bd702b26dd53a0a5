//! Dates of HTTP.

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const PER_DAY: i64 = 86_400;

/// Seconds since 1970 as `Tue, 02 Jan 2024 03:04:05 GMT`.
pub(super) fn http(seconds: i64) -> String {
    let (day, rest) = (seconds.div_euclid(PER_DAY), seconds.rem_euclid(PER_DAY));
    let (year, month, of_month) = date(day);
    let name = DAYS[usize::try_from(day.rem_euclid(7)).unwrap_or(0)];
    let month = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{name}, {of_month:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

/// Seconds since 1970 of a date as [`http`] writes it, or in the two older forms that HTTP allows.
pub(super) fn parse(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let (day, month, year, clock) = match words.as_slice() {
        [name, day, month, year, clock, "GMT"] if name.ends_with(',') => (*day, *month, *year, *clock),
        [_, month, day, clock, year] => (*day, *month, *year, *clock),
        _ => return None,
    };
    let month = i64::try_from(MONTHS.iter().position(|known| *known == month)?).ok()? + 1;
    let year: i64 = match (year.len(), year.parse::<i64>().ok()?) {
        (2, year) if year < 69 => year + 2000,
        (2, year) => year + 1900,
        (_, year) => year,
    };
    let day: i64 = day.parse().ok()?;
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let sound = (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    sound.then(|| days(year, month, day) * PER_DAY + hour * 3600 + minute * 60 + second)
}

/// What a placeholder of Caddy shows at a time, in UTC (Caddy docs, "Conventions", "Placeholders"); `None` for one with more
/// than seconds.
pub(super) fn placeholder(name: &str, seconds: i64) -> Option<String> {
    let (day, rest) = (seconds.div_euclid(PER_DAY), seconds.rem_euclid(PER_DAY));
    let (year, month, of_month) = date(day);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    Some(match name {
        "time.now.unix" => seconds.to_string(),
        "time.now.unix_ms" => (seconds * 1000).to_string(),
        "time.now.year" => year.to_string(),
        "time.now.http" => http(seconds),
        "time.now.common_log" => {
            let month = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
            format!("{of_month:02}/{month}/{year:04}:{hour:02}:{minute:02}:{second:02} +0000")
        }
        _ => return None,
    })
}

/// Seconds since 1970 of a time such as `2024-01-02T03:04:05Z` (RFC 3339, in UTC).
pub(crate) fn rfc3339(text: &str) -> Option<i64> {
    let (day, clock) = text.strip_suffix(['Z', 'z'])?.split_once(['T', 't', ' '])?;
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, of_month) = (parts.next()??, parts.next()??, parts.next()??);
    let mut parts = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_sound = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&of_month)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    is_sound.then(|| days(year, month, of_month) * PER_DAY + hour * 3600 + minute * 60 + second)
}

fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day since 1970 (proleptic Gregorian calendar).
pub(super) fn date(since: i64) -> (i64, i64, i64) {
    let shifted = since + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + shifted.div_euclid(146_097) * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(http(1_704_164_645), "Tue, 02 Jan 2024 03:04:05 GMT");
        for text in
            ["Tue, 02 Jan 2024 03:04:05 GMT", "Tuesday, 02-Jan-24 03:04:05 GMT", "Tue Jan  2 03:04:05 2024"]
        {
            assert_eq!(parse(text), Some(1_704_164_645), "{text}");
        }
        assert_eq!(parse("yesterday"), None);
        assert_eq!(rfc3339("2024-01-02T03:04:05Z"), Some(1_704_164_645));
        assert_eq!((rfc3339("2024-01-02"), rfc3339("2024-13-02T03:04:05Z")), (None, None));
        let shown = |name| placeholder(name, 1_704_164_645).unwrap();
        assert_eq!(shown("time.now.common_log"), "02/Jan/2024:03:04:05 +0000");
        assert_eq!(
            (shown("time.now.year"), shown("time.now.unix_ms")),
            ("2024".to_owned(), "1704164645000".to_owned())
        );
    }
}
