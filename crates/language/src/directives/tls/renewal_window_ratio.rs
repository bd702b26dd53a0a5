//! How early certificates are renewed, as the directive `tls` and the global option say it.

use crate::go::go_float;
use crate::spec::{Cursor, Parsed, not_a, value};

/// The current word as a share of a certificate's lifetime, between 0 and 1.
pub(crate) fn renewal_window_ratio(cursor: &Cursor) -> Parsed<f64> {
    match go_float(cursor.text()) {
        Some(ratio) if ratio <= 0.0 || ratio >= 1.0 => Err(value::share(cursor.word(), "between 0 and 1")),
        Some(ratio) => Ok(ratio),
        None => Err(not_a(cursor, "a number", "0.33")),
    }
}
