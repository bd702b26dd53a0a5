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
    /// The words of the Caddyfile that are meant, the likeliest first: the value at fault, then names.
    pub words: Vec<String>,
}

/// What is said of a fault, and the names in it, as the Caddyfile has them. The value at fault need not be among them.
pub(super) struct Message {
    text: String,
    names: Vec<String>,
}

impl Message {
    /// A finding with this message, about `value`.
    pub(super) fn at(
        self,
        pointer: String,
        value: Option<String>,
        code: Code,
        severity: Severity,
        help: Option<String>,
    ) -> Finding {
        let words = value.into_iter().chain(self.names).filter(|word| !word.is_empty()).collect();
        Finding { pointer, code, severity, message: self.text, help, words }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self { text, names: Vec::new() }
    }
}

impl<S: Into<String>, const N: usize> From<(S, [&str; N])> for Message {
    fn from((text, names): (S, [&str; N])) -> Self {
        Self { text: text.into(), names: names.map(str::to_owned).into() }
    }
}

impl<S: Into<String>> From<(S, &[&str])> for Message {
    fn from((text, names): (S, &[&str])) -> Self {
        Self { text: text.into(), names: names.iter().map(|name| (*name).to_owned()).collect() }
    }
}
