//! The age of the list of advisories.

/// The list is called old after this many days.
pub const OLD: i64 = 90;

/// How old the facts of this date (`2026-11-30`) are on the day `today`, counted from 1970-01-01. 0 if they are newer.
pub fn days(dated: &str, today: i64) -> i64 {
    let mut parts = dated.split('-').map(|part| part.parse::<i64>().unwrap_or(0));
    let (year, month, day) =
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (today - since_1970(year, month, day)).max(0)
}

/// A note, if facts of this date are old on the day `today`.
pub fn note(dated: &str, today: i64) -> Option<String> {
    let days = days(dated, today);
    (days > OLD).then(|| format!("the list of advisories is {days} days old; a newer caddyctl may know more"))
}

/// The days from 1970-01-01 to a date of the Gregorian calendar, whose years begin in March here.
fn since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        assert_eq!(since_1970(1970, 1, 1), 0);
        assert_eq!(since_1970(2024, 2, 29), 19_782);
        assert_eq!(since_1970(2026, 11, 30), 20_787);
    }

    #[test]
    fn the_age_is_shown_after_90_days() {
        assert_eq!(note("2026-11-30", 20_787 + 90), None);
        assert!(note("2026-11-30", 20_787 + 91).unwrap().contains("91 days old"));
        assert_eq!(days("2026-11-30", 0), 0);
    }
}
