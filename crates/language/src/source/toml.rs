//! TOML that came with a checkout. A link may have led to a file that is secret, so a fault says where it is and what was
//! expected there, and quotes nothing of the text.

use std::fmt;

use serde::de::DeserializeOwned;

use super::Position;

/// Why a text is not the TOML that was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where; `None` when it is in no certain place.
    pub position: Option<Position>,
    /// What was expected there.
    pub expected: Option<String>,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        match &self.expected {
            Some(expected) => write!(f, "expected {expected}"),
            None => f.write_str("this is not valid TOML"),
        }
    }
}

impl std::error::Error for Malformed {}

/// Reads a text.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Malformed> {
    toml::from_str(text).map_err(|error| {
        // In front of the last "expected" the crate quotes what it found; behind it are words of the crate and of our types.
        let expected = error.message().rsplit_once(", expected ").map(|(_, expected)| expected.to_owned());
        let missing =
            || error.message().starts_with("missing field ").then(|| error.message()[8..].to_owned());
        Malformed {
            position: error.span().map(|span| position(text, span.start)),
            expected: expected.or_else(missing),
        }
    })
}

/// The line and the column, in characters, of a byte of the text.
pub fn position(text: &str, offset: usize) -> Position {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = before.split(|byte| *byte == b'\n').count();
    Position { line, column: 1 + String::from_utf8_lossy(&before[start..]).chars().count() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read into")]
    struct Settings {
        number: u8,
        #[serde(default)]
        more: BTreeMap<String, bool>,
    }

    #[test]
    fn faults_quote_nothing() {
        for (text, expected) in [
            ("root:SECRET:1:0:::\n", "line 1, column 19: expected `=`"),
            ("number = \"SECRET\"", "line 1, column 10: expected u8"),
            ("number = \"SECRET, expected SECRET\"", "line 1, column 10: expected u8"),
            ("\nnumber = 1\nSECRET = 1", "line 3, column 1: expected `number` or `more`"),
            ("number = 1\n[more]\nSECRET = \"SECRET\"", "line 3, column 10: expected a boolean"),
            ("number = 1\nnumber = 1", ""),
            ("[SECRET", ""),
            ("SECRET = [1, ", ""),
            ("SECRET = 'x", ""),
            ("", "expected field `number`"),
        ] {
            let fault = parse::<Settings>(text).unwrap_err().to_string();
            assert!(!fault.contains("SECRET") && !fault.contains('\n'), "{text:?}: {fault}");
            assert!(fault.contains(expected), "{text:?}: {fault}");
        }
    }
}
