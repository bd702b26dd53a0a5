//! Run-time variables, `{env.NAME}`, that the new configuration reads and the old one did not.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::super::report::{Change, Effect, EffectKind};
use super::super::side::Side;
use crate::routes::server::escape;

/// The variables that only the new side reads.
pub fn env(old: &Side, new: &Side) -> Vec<Effect> {
    let read = |side: &Side| {
        let mut names = BTreeMap::new();
        find(&side.config, &mut String::new(), &mut names);
        names
    };
    let (before, after) = (read(old), read(new));
    let new_names = after.into_iter().filter(|(name, _)| !before.contains_key(name));
    let effects = new_names.map(|(name, pointer)| {
        let message = format!("reads {{env.{name}}}");
        let mut effect = super::effect(EffectKind::Option, Change::Added, format!("env.{name}"), message);
        effect.needs = Some(
            "a restart, when the variable is new to the service: a reload keeps the old environment"
                .to_owned(),
        );
        effect.new_place = new.place_of(&pointer);
        effect
    });
    effects.collect()
}

fn find(value: &Value, pointer: &mut String, names: &mut BTreeMap<String, String>) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            for (at, _) in text.match_indices("{env.") {
                if let Some(end) = text[at..].find('}') {
                    names.entry(text[at + 5..at + end].to_owned()).or_insert_with(|| pointer.clone());
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let _ = write!(pointer, "/{index}");
                find(item, pointer, names);
                pointer.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                pointer.push('/');
                pointer.push_str(&escape(key));
                find(item, pointer, names);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
