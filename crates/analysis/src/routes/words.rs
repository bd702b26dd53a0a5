//! Matchers in words: paths stand alone, as in a Caddyfile; everything else carries its matcher's name.

use std::cmp::Reverse;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use caddyctl_language::expand::shorthands;
use caddyctl_language::source::secrets;

/// Matcher sets, any of which may match; empty when there are none.
pub(crate) fn sets(sets: &[Value]) -> String {
    sets.iter().map(set).collect::<Vec<_>>().join(" or ")
}

/// One matcher set, all of whose matchers have to match.
fn set(set: &Value) -> String {
    let Some(set) = set.as_object() else { return "*".to_owned() };
    let paths = set.get("path").into_iter().map(safe);
    let others = set.iter().filter(|(name, _)| *name != "path").map(|(name, value)| matcher(name, value));
    paths.chain(others).collect::<Vec<_>>().join(" and ")
}

fn matcher(name: &str, value: &Value) -> String {
    match (name, value) {
        ("not", Value::Array(refused)) => format!("not ({})", sets(refused)),
        ("expression", Value::String(text)) => {
            error_status(text).unwrap_or_else(|| format!("expression {}", quote(&secrets::hide_within(text))))
        }
        ("header" | "query" | "vars", Value::Object(fields)) => {
            let pairs = fields.iter().map(|(key, value)| match value {
                Value::Null => format!("!{key}"),
                value => {
                    let value = plain(&secrets::hide_value(key, value));
                    if value.is_empty() { key.clone() } else { format!("{key}={value}") }
                }
            });
            format!("{name} {}", pairs.collect::<Vec<_>>().join(" "))
        }
        ("header_regexp" | "vars_regexp", Value::Object(fields)) => {
            let pairs = fields
                .iter()
                .map(|(key, value)| format!("{key}~{}", regexp(&secrets::hide_value(key, value))));
            format!("{name} {}", pairs.collect::<Vec<_>>().join(" "))
        }
        ("path_regexp", value) => format!("path_regexp {}", regexp(&secrets::hide_value("", value))),
        ("file", Value::Object(fields)) => {
            let mut words = vec!["file".to_owned()];
            words.extend(fields.get("try_files").map(safe));
            words.extend(fields.get("root").and_then(Value::as_str).map(|root| format!("in {root}")));
            words
                .extend(fields.get("try_policy").and_then(Value::as_str).map(|policy| format!("({policy})")));
            words.join(" ")
        }
        (_, Value::Object(fields)) => format!("{name} {}", object(fields)),
        (_, value) => format!("{name} {}", safe(value)).trim_end().to_owned(),
    }
}

/// The condition that `handle_errors` makes of the codes it names.
fn error_status(expression: &str) -> Option<String> {
    const CODE: &str = "{http.error.status_code}";
    if let Some(list) = expression.strip_prefix(&format!("{CODE} in [")) {
        return Some(format!("status {}", list.strip_suffix(']')?.replace(',', "")));
    }
    let (from, to) =
        expression.strip_prefix(&format!("{CODE} >= "))?.split_once(&format!(" && {CODE} <= "))?;
    // Both ends come from one variable.
    if from == to && from.starts_with("{$") {
        return Some(format!("status {from}"));
    }
    let class = from.strip_suffix("00")?;
    (to == format!("{class}99")).then(|| format!("status {class}xx"))
}

fn regexp(value: &Value) -> String {
    quote(value.get("pattern").and_then(Value::as_str).unwrap_or(""))
}

fn object(fields: &Map<String, Value>) -> String {
    let words: Vec<String> = fields
        .iter()
        .map(|(key, value)| match value {
            Value::Array(_) => plain(&secrets::hide_value(key, value)),
            Value::Bool(true) => key.clone(),
            value => format!("{key}={}", plain(&secrets::hide_value(key, value))),
        })
        .collect();
    words.join(" ")
}

/// A value as it would stand in a Caddyfile: words with blanks are quoted, lists are words, all else is JSON.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Object(fields) if fields.is_empty() => String::new(),
        other => other.to_string(),
    }
}

/// The same without the secrets inside it.
pub(crate) fn safe(value: &Value) -> String {
    plain(&secrets::hide_value("", value))
}

/// `text`, quoted when it would not be one word.
pub(crate) fn quote(text: &str) -> String {
    let text = &short(text);
    if !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '"' || c.is_control()) {
        return text.to_owned();
    }
    let text = text.replace('\r', "\\r").replace('\n', "\\n");
    if text.contains('"') && !text.contains('`') {
        return format!("`{text}`");
    }
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// Caddy's long placeholders, each with the short form that a Caddyfile has for it, the longest first. What ends in a part
/// of the user's is a beginning.
fn short_forms() -> &'static [(String, String)] {
    static FORMS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let beginning = |text: String| text.strip_suffix("*}").map(str::to_owned).unwrap_or(text);
        let mut all: Vec<_> = shorthands().map(|(short, long)| (beginning(long), beginning(short))).collect();
        all.sort_by_key(|(long, _)| Reverse(long.len()));
        all
    });
    &FORMS
}

/// `text` with its placeholders as a Caddyfile would write them.
pub(crate) fn short(text: &str) -> String {
    let mut text = text.to_owned();
    if text.contains("{http.") {
        for (long, short) in short_forms() {
            if text.contains(long) {
                text = text.replace(long, short);
            }
        }
    }
    text
}

/// `text` with its placeholders as Caddy's JSON has them.
pub(crate) fn long(text: &str) -> String {
    short_forms().iter().fold(text.to_owned(), |text, (long, short)| text.replace(short, long))
}

/// A number of bytes as a Caddyfile has it.
pub(crate) fn size(bytes: u64) -> String {
    let units = [
        (1 << 30, "GiB"),
        (1_000_000_000, "GB"),
        (1 << 20, "MiB"),
        (1_000_000, "MB"),
        (1 << 10, "KiB"),
        (1_000, "KB"),
    ];
    match units.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => format!("{}{name}", bytes / unit),
        None => bytes.to_string(),
    }
}

/// `text` cut to `width` characters.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn matchers_in_words() {
        for (value, words) in [
            (json!([{"path": ["/a", "/b/*"]}]), "/a /b/*"),
            (json!([{"method": ["GET"], "path": ["/a"]}]), "/a and method GET"),
            (json!([{"not": [{"path": ["/x"]}]}]), "not (/x)"),
            (
                json!([{"header": {"Upgrade": ["websocket"]}}, {"protocol": "https"}]),
                "header Upgrade=websocket or protocol https",
            ),
            (json!([{"expression": "{path} == 'x'"}]), "expression \"{path} == 'x'\""),
            (json!([{"remote_ip": {"ranges": ["10.0.0.0/8"]}}]), "remote_ip 10.0.0.0/8"),
            (json!([{"file": {"try_files": ["{path}", "/index.html"]}}]), "file {path} /index.html"),
            (json!([{"header": {"Authorization": ["Basic abc"]}}]), "header Authorization=<hidden>"),
        ] {
            assert_eq!(sets(value.as_array().unwrap()), words);
        }
    }
}
