//! Secrets in Caddy's JSON, and in texts that were taken out of it.

use std::ops::Range;

use serde_json::{Map, Value};

use super::names::{self, Strength};
use super::{HIDDEN, shapes, within};

/// `text`, known under `name`, with what is secret in it hidden: all of it, or passwords and tokens inside.
pub fn hide_text(name: &str, text: &str) -> String {
    if shapes::is_placeholder(text) {
        return text.to_owned();
    }
    if names::is_cookie(name) {
        return without(text, &within::cookies(text));
    }
    if names::strength(name).is_some_and(|strength| !shapes::is_harmless(text, strength)) {
        return HIDDEN.to_owned();
    }
    if shapes::is_secret_text(text) && !text.contains(char::is_whitespace) {
        return HIDDEN.to_owned();
    }
    hide_within(text)
}

/// `text`, which is no secret as a whole, without those inside it: passwords of addresses, tokens, values behind the names
/// of secrets.
pub fn hide_within(text: &str) -> String {
    without(text, &within::within(text))
}

fn without(text: &str, secrets: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        out.push_str(&text[at..secret.start]);
        out.push_str(HIDDEN);
        at = secret.end;
    }
    out + &text[at..]
}

/// A configuration value, known under `name`, with every secret in it hidden.
pub fn hide_value(name: &str, value: &Value) -> Value {
    match value {
        Value::String(text) => hide_text(name, text).into(),
        Value::Number(_) if names::strength(name) == Some(Strength::Strong) => HIDDEN.into(),
        Value::Array(items) => items.iter().map(|item| hide_value(name, item)).collect(),
        Value::Object(fields) => object(name, fields).into(),
        other => other.clone(),
    }
}

fn object(name: &str, fields: &Map<String, Value>) -> Map<String, Value> {
    // What a name says holds for all that lies below it.
    let is_secret = names::strength(name).is_some();
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or("");
    // `map` and `log_append` name what they set in another field.
    let outputs = fields.get("destinations").and_then(Value::as_array).into_iter().flatten();
    let gives_secrets =
        outputs.filter_map(Value::as_str).any(|name| names::is_secret_name(name.trim_matches(['{', '}'])));
    let named = names::is_secret_name(text("key"));
    let is_secret_field = |key: &str| {
        matches!(
            (name, key),
            ("load_pem" | "provider" | "external_account", "key") | ("external_account", "key_id")
        ) || (gives_secrets && matches!(key, "outputs" | "mappings" | "defaults"))
            || (named && matches!(key, "value" | "val"))
    };
    let hidden = |key: &str, value: &Value| match key {
        "mappings" if gives_secrets => value
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| match one.as_object() {
                Some(one) => Value::Object(
                    one.iter()
                        .map(|(key, value)| {
                            (key.clone(), hide_value(if key == "outputs" { "secret" } else { key }, value))
                        })
                        .collect(),
                ),
                None => one.clone(),
            })
            .collect(),
        _ if is_secret => hide_value(name, value),
        _ if is_secret_field(key) => hide_value("secret", value),
        _ => hide_value(key, value),
    };
    fields.iter().map(|(key, value)| (key.clone(), hidden(key, value))).collect()
}
