//! Go's regular expressions.

use caddyctl_analysis::check::regexp::check;

/// Checks a pattern; a fault lies in it.
pub fn run(data: &[u8]) {
    let pattern = String::from_utf8_lossy(data);
    if let Err(fault) = check(&pattern) {
        assert!(pattern.get(fault.start..fault.end).is_some(), "{fault:?}");
        assert!(!fault.reason.is_empty());
    }
}
