//! How else a report may spell a value of a Caddyfile: durations in other units, sizes as numbers of bytes.

use super::words;
use crate::go::{atoi, caddy_duration, size};

/// Other spellings of `value` in Caddy's JSON and in reports.
pub fn spellings(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    if atoi(value).is_none()
        && let Some(nanoseconds) = caddy_duration(value).filter(|nanoseconds| *nanoseconds > 0)
    {
        all.push(nanoseconds.to_string());
        let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];
        let millis = nanoseconds / 1_000_000;
        let whole = units.iter().filter(|(unit, _)| millis >= *unit && millis % unit == 0);
        all.extend(whole.map(|(unit, name)| format!("{}{name}", millis / unit)));
    }
    if let Some(bytes) = size(value).filter(|bytes| *bytes > 0) {
        all.push(bytes.to_string());
        all.push(words::size(bytes));
    }
    // Words of a Caddyfile are quoted in reports where they hold blanks, and placeholders have a short form.
    all.push(words::short(value));
    all.retain(|other| other != value);
    all
}
