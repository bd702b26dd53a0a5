//! What Caddy wrote to the journal: one JSON object a line, and plain words when it could not start.

use serde_json::Value;

/// Words of Caddy's, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Journal(Vec<Words>);

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Such as `tls.obtain`; empty for plain words.
    pub logger: String,
    /// The message, and behind it the error.
    pub text: String,
    /// The site that it is about, when it is about a certificate.
    pub site: Option<String>,
    /// Whether it is an error.
    pub is_error: bool,
}

impl Journal {
    /// Reads what `journalctl -o cat` prints.
    pub fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(line).collect())
    }

    /// The last error, without the way that led to it.
    pub fn last_error(&self) -> Option<&str> {
        self.0.iter().rev().find(|words| words.is_error).map(|words| words.text.as_str())
    }

    /// The lines about certificates.
    pub(super) fn of_certificates(&self) -> impl DoubleEndedIterator<Item = &Words> {
        self.0.iter().filter(|words| words.logger.starts_with("tls."))
    }
}

fn line(line: &str) -> Option<Words> {
    if let Some(text) = line.strip_prefix("Error: ") {
        let text = crate::deploy::refusal::essence(text).to_owned();
        return Some(Words { text, is_error: true, ..Words::default() });
    }
    let entry: Value = serde_json::from_str(line).ok().filter(Value::is_object)?;
    let word = |key: &str| entry[key].as_str().unwrap_or_default();
    let text = match word("error") {
        "" => word("msg").to_owned(),
        error => format!("{}: {error}", word("msg")),
    };
    let site = entry["identifier"].as_str().map(str::to_owned);
    let is_error = matches!(word("level"), "error" | "fatal" | "panic");
    Some(Words { logger: word("logger").to_owned(), text, site, is_error })
}
