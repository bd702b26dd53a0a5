//! How else a report may spell a value of a Caddyfile: durations in other units, sizes as numbers of bytes.

use super::words;
use caddyctl_language::go::{atoi, caddy_duration, size};

/// A day in nanoseconds.
const DAY: u64 = 86_400_000_000_000;

/// Other spellings of `value` in Caddy's JSON and in reports.
pub(crate) fn spellings(value: &str) -> Vec<String> {
    let mut all = Vec::new();
    if atoi(value).is_none()
        && let Some(nanoseconds) = caddy_duration(value).filter(|nanoseconds| *nanoseconds > 0)
    {
        all.push(nanoseconds.to_string());
        // Logs are kept for whole days.
        all.push(nanoseconds.unsigned_abs().div_ceil(DAY).to_string());
        all.push(format!("{}d", nanoseconds.unsigned_abs().div_ceil(DAY)));
        let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];
        let millis = nanoseconds / 1_000_000;
        let whole = units.iter().filter(|(unit, _)| millis >= *unit && millis % unit == 0);
        all.extend(whole.map(|(unit, name)| format!("{}{name}", millis / unit)));
    }
    if let Some(bytes) = size(value).filter(|bytes| *bytes > 0) {
        all.push(bytes.to_string());
        // Logs are rolled at whole megabytes.
        all.push(bytes.div_ceil(1 << 20).to_string());
        all.push(words::size(bytes));
    }
    // `2xx` is its first digit, or all from 200 to 299.
    if let Some(class) = value.strip_suffix("xx").filter(|class| class.len() == 1) {
        all.extend([class.to_owned(), format!("{class}00"), format!("{class}99")]);
    }
    if let Ok(number) = value.parse::<f64>() {
        all.extend([number.to_string(), format!("{number:.1}")]);
    }
    all.push(words::long(value));
    // Words of a Caddyfile are quoted in reports where they hold blanks, and placeholders have a short form.
    all.push(words::short(value));
    all.retain(|other| other != value);
    all
}
