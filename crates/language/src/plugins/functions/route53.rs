//! The waiting times of `route53`.

use crate::config::Value;
use crate::go;

/// A duration as Go reads it, or a number of seconds, in nanoseconds.
pub(super) fn duration_or_seconds(text: &str) -> Option<Value> {
    if let Some(seconds) = go::atoi(text) {
        return seconds.checked_mul(1_000_000_000).map(Value::from);
    }
    go::go_duration(text).map(Value::from)
}
