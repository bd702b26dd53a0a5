//! A fault in the compiled configuration, and its way back to the Caddyfile.

use caddyctl_language::diagnostics::{Code, Severity};

/// A fault at a place of the compiled JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place, as an RFC 6901 pointer.
    pub pointer: String,
    /// Which kind of fault.
    pub code: Code,
    /// `Error` when Caddy would refuse the configuration; `Note` for what was not checked.
    pub severity: Severity,
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The value at fault, as it may stand in the text.
    pub value: Option<String>,
}
