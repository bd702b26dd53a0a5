//! What differs without a rule that says what it means: the order of sites of JSON, and policies for certificates of names
//! that no site has. It is reported as it is, because nobody has shown that it means nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::proof;
use super::super::report::{Change, Effect, EffectKind};
use super::Half;
use crate::routes::matchers;

/// The differences that nothing else reports.
pub(crate) fn unproved(old: Half, new: Half) -> Vec<Effect> {
    let mut effects = Vec::new();
    let (before, after) = (proof::overtaken(old.units), proof::overtaken(new.units));
    for (key, unit) in &new.units.sites {
        if !old.units.sites.contains_key(key) || before.get(key) == after.get(key) {
            continue;
        }
        let name = unit.site.to_string();
        let message = format!("site {name}: its place among sites that take the same requests changed");
        let mut effect = super::effect(EffectKind::Site, Change::Moved, name, message);
        effect.new_place = new.written.unit(new.units, unit);
        effects.push(effect);
    }
    if policies(&old.side.config) != policies(&new.side.config) {
        let name = "apps.tls.automation.policies".to_owned();
        let message = format!("option {name}: the policies differ");
        effects.push(super::effect(EffectKind::Option, Change::Changed, name, message));
    }
    effects
}

/// The automation policy of each name, the first one of several, and those that take more than one name in their order.
fn policies(config: &Value) -> (BTreeMap<String, Value>, Vec<Value>) {
    let (mut named, mut wide) = (BTreeMap::new(), Vec::new());
    let list = config.pointer("/apps/tls/automation/policies").and_then(Value::as_array);
    for policy in list.into_iter().flatten() {
        let rest: Map<String, Value> = policy
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| *name != "subjects")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let rest = Value::Object(rest);
        let subjects: Vec<&str> = policy.get("subjects").into_iter().flat_map(matchers::strings).collect();
        if subjects.is_empty() {
            wide.push(rest);
            continue;
        }
        for subject in subjects {
            if subject.contains('*') {
                wide.push(serde_json::json!([subject, rest]));
            }
            named.entry(subject.to_owned()).or_insert_with(|| rest.clone());
        }
    }
    (named, wide)
}
