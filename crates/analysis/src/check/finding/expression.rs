//! E0602: CEL expressions.

use super::kinds::kinds;

kinds! {
    /// A text that Caddy does not take for an expression.
    Expression(value) {
        Error Refused { text: String, word: String, why: String, help: &'static str } at word =>
            "Caddy does not accept the expression `{text}`: {why}", "{help}";
    }
}
