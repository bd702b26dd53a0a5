//! CEL expressions.

use caddyctl_analysis::check::expression::check;

/// Checks an expression.
pub fn run(data: &[u8]) {
    let expression = String::from_utf8_lossy(data);
    if let Err(fault) = check(&expression) {
        assert!(!fault.reason.is_empty());
    }
}
