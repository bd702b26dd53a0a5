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

/// The name that the field `key` of `fields`, which are known under `name`, counts under: what a name says holds for all
/// that lies below it, and `map` and `log_append` name what they set in another field.
pub fn name_below<'k>(name: &'k str, fields: &Map<String, Value>, key: &'k str) -> &'k str {
    if names::strength(name).is_some() {
        return name;
    }
    let is_secret = match key {
        "mappings" if asks_secrets(fields) => true,
        "outputs" | "mappings" | "defaults" => gives_secrets(fields),
        "value" | "val" => fields.get("key").and_then(Value::as_str).is_some_and(names::is_secret_name),
        "key" => matches!(name, "load_pem" | "provider" | "external_account"),
        "key_id" => name == "external_account",
        _ => false,
    };
    if is_secret { "secret" } else { key }
}

/// Whether a `map` sets something that a secret's name stands for.
fn gives_secrets(fields: &Map<String, Value>) -> bool {
    let outputs = fields.get("destinations").and_then(Value::as_array).into_iter().flatten();
    outputs.filter_map(Value::as_str).any(|name| names::is_secret_name(name.trim_matches(['{', '}'])))
}

fn object(name: &str, fields: &Map<String, Value>) -> Map<String, Value> {
    let hidden = |key: &str, value: &Value| match value {
        // What the rows of a map ask for is shown.
        Value::Array(rows) if key == "mappings" && (gives_secrets(fields) || asks_secrets(fields)) => {
            rows.iter().map(|one| row(one, gives_secrets(fields), asks_secrets(fields))).collect()
        }
        // What a log does with a field: the field has a secret's name, and holds none.
        _ if fields.get("filter").is_some_and(Value::is_string) => hide_value("", value),
        _ => hide_value(name_below(name, fields, key), value),
    };
    fields.iter().map(|(key, value)| (key.clone(), hidden(key, value))).collect()
}

/// Whether a `map` asks for what a secret's name stands for: its inputs are such values.
fn asks_secrets(fields: &Map<String, Value>) -> bool {
    let source = fields.get("source").and_then(Value::as_str).unwrap_or("").trim_matches(['{', '}']);
    names::is_secret_name(source.rsplit('.').next().unwrap_or(source))
}

/// A row of a `map` that gives secrets, or asks for them.
fn row(row: &Value, gives: bool, asks: bool) -> Value {
    let Some(fields) = row.as_object() else { return row.clone() };
    let name = |key: &str| match key {
        "outputs" if gives => "secret",
        "input" | "input_regexp" if asks => "secret",
        _ => "",
    };
    fields
        .iter()
        .map(|(key, value)| (key.clone(), hide_value(name(key), value)))
        .collect::<Map<_, _>>()
        .into()
}
