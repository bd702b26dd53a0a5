//! E0601: regular expressions.

use super::kinds::kinds;

kinds! {
    /// A text that Go does not take for a regular expression.
    Regexp(value) {
        Error Refused { pattern: String, why: String, help: &'static str } =>
            "`{pattern}` is not a regular expression that Caddy accepts: {why}", "{help}";
    }
}
