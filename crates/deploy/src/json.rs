//! Configurations as JSON, nested as deeply as the program has a stack for: callers need one of 512 MiB.

use std::collections::BTreeSet;

use caddyctl_language::config::{self, ReadError, Room};
use caddyctl_language::source::limits::MOST_JSON_LEVELS;
use serde_json::Value;

/// The configuration that `text` is.
///
/// # Errors
///
/// What is not JSON, or is nested deeper than [`MOST_JSON_LEVELS`].
pub fn read(text: &[u8]) -> Result<Value, ReadError> {
    config::read(text, MOST_JSON_LEVELS)
}

/// What a text that somebody else wrote may take, with so many bytes of memory for its values.
pub fn room(memory: usize) -> Room<'static> {
    Room::of(memory, MOST_JSON_LEVELS)
}

/// All texts below keys called `key`, at any depth: a string, or the strings of a list.
pub(crate) fn collect(value: &Value, key: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if name == key => drop(into.insert(text.clone())),
                    Value::Array(list) if name == key => {
                        into.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    other => collect(other, key, into),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, key, into)),
        _ => {}
    }
}
