//! Placeholders that Caddy fills in while it provisions: `{env.*}`, `{file.*}`, `{system.*}` and `{time.*}`.
//!
//! Request placeholders are not known then. Rules from Caddy's documentation (conventions, "Placeholders") and measured.

use std::path::Path;

use super::checker::Checker;
use super::finding::NoValue;

/// What became of a text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// The text with values in place.
    Text(String),
    /// It depends on the machine, which was not looked at.
    Unknown,
}

/// How a placeholder that has no value is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// It becomes nothing, known or not.
    Nothing,
    /// An unknown one stays; a known one becomes its value, even if empty.
    Stay,
    /// An unknown one stays; an empty one is a fault.
    EmptyRefused,
    /// Both are faults.
    Refused,
}

/// Fills in all placeholders; those without value vanish.
pub(super) fn fill(checker: &Checker, text: &str) -> Filled {
    replace(checker, text, Missing::Nothing).unwrap_or(Filled::Unknown)
}

/// Fills in those that are known; others stay.
pub(super) fn fill_known(checker: &Checker, text: &str) -> Filled {
    replace(checker, text, Missing::Stay).unwrap_or(Filled::Unknown)
}

/// Fills in those that are known; one without value is a fault.
pub(super) fn fill_or_refuse_empty(checker: &Checker, text: &str) -> Result<Filled, NoValue> {
    replace(checker, text, Missing::EmptyRefused)
}

/// Fills in all; one without value or unknown is a fault.
pub(super) fn fill_or_refuse(checker: &Checker, text: &str) -> Result<Filled, NoValue> {
    replace(checker, text, Missing::Refused)
}

fn replace(checker: &Checker, text: &str, missing: Missing) -> Result<Filled, NoValue> {
    let mut out = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}']).map(|found| found + at) {
        if text[..found].ends_with('\\') {
            // The backslash of an escaped brace goes.
            out.push_str(&text[at..found - 1]);
            out.push_str(&text[found..=found]);
            at = found + 1;
            continue;
        }
        out.push_str(&text[at..found]);
        at = found + 1;
        if text[found..].starts_with('}') {
            out.push('}');
            continue;
        }
        let Some(end) = closing(text, at) else {
            out.push('{');
            continue;
        };
        let key = &text[at..end];
        match value(checker, key) {
            Value::Known(value) if !value.is_empty() => out.push_str(&value),
            Value::Known(_) if matches!(missing, Missing::Refused | Missing::EmptyRefused) => {
                return Err(NoValue { placeholder: format!("{{{key}}}"), is_known: true });
            }
            Value::Known(_) => {}
            Value::Machine => return Ok(Filled::Unknown),
            Value::None if missing == Missing::Refused => {
                return Err(NoValue { placeholder: format!("{{{key}}}"), is_known: false });
            }
            Value::None if missing == Missing::Nothing => {}
            Value::None => {
                out.push('{');
                continue;
            }
        }
        at = end + 1;
    }
    out.push_str(&text[at..]);
    Ok(Filled::Text(out))
}

/// The first `}` after `at` that is not escaped.
fn closing(text: &str, at: usize) -> Option<usize> {
    let mut from = at;
    loop {
        let end = text[from..].find('}')? + from;
        if !text[..end].ends_with('\\') {
            return Some(end);
        }
        from = end + 1;
    }
}

enum Value {
    Known(String),
    Machine,
    None,
}

fn value(checker: &Checker, key: &str) -> Value {
    let known = |text: &str| Value::Known(text.to_owned());
    if let Some(name) = key.strip_prefix("env.") {
        return checker
            .facts
            .map_or(Value::Machine, |facts| Value::Known(facts.variable(name).unwrap_or_default()));
    }
    if let Some(path) = key.strip_prefix("file.") {
        return checker.facts.map_or(Value::Machine, |facts| {
            let bytes = facts.read(Path::new(path)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let text = text.strip_suffix('\n').unwrap_or(&text);
            known(text.strip_suffix('\r').unwrap_or(text))
        });
    }
    match key {
        "system.slash" => known("/"),
        "system.hostname"
        | "system.os"
        | "system.wd"
        | "system.arch"
        | "time.now"
        | "time.now.http"
        | "time.now.common_log"
        | "time.now.year"
        | "time.now.unix"
        | "time.now.unix_ms" => Value::Machine,
        _ => Value::None,
    }
}
