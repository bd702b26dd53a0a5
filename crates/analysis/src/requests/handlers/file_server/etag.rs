//! Entity tags of files, as Caddy makes them of time and size.

use crate::requests::facts::Entry;

/// Whether a time is one that a file may have: Go takes the first two seconds of 1970 for none.
pub(super) fn is_useful(modified: i128) -> bool {
    !matches!(modified.div_euclid(1_000_000_000), 0 | 1)
}

/// The tag of a file; empty for one without a time.
pub(super) fn etag_of(entry: Entry) -> String {
    if !is_useful(entry.modified) {
        return String::new();
    }
    format!("\"{}-{}\"", base36(entry.modified), base36(i128::from(entry.size)))
}

fn base36(number: i128) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit(u32::try_from(rest % 36).unwrap_or(0), 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}
