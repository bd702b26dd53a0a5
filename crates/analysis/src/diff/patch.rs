//! A JSON patch (RFC 6902) that makes the new configuration of the old one.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use caddyctl_language::config::pointer::{escape, unescape};
use caddyctl_language::source::secrets;

/// The operations, to be applied in their order.
pub fn patch(old: &Value, new: &Value) -> Vec<Value> {
    let mut ops = Vec::new();
    walk("", 0, old, new, &mut ops);
    ops
}

/// Whether a value that the patch carries looks like a secret. Such a patch cannot be shown with the secret hidden:
/// applied, it would set the password to the word that hides it.
pub fn has_secrets(patch: &[Value]) -> bool {
    patch.iter().any(|op| {
        let Some(value) = op.get("value") else { return false };
        let path = op.get("path").and_then(Value::as_str).unwrap_or("");
        path.split('/')
            .any(|part| secrets::is_secret_name(part) && !secrets::hide_value(part, value).eq(value))
            || secrets::hide_value(path.rsplit('/').next().unwrap_or(""), value) != *value
    })
}

/// Whether one of `keys` stands on the way to what the patch changes.
pub fn names_any(patch: &[Value], keys: &BTreeSet<String>) -> bool {
    let names = |op: &Value| {
        let path = op.get("path").and_then(Value::as_str).unwrap_or("");
        path.split('/').any(|part| keys.contains(&unescape(part)))
    };
    patch.iter().any(names)
}

/// Whether the values that the patch carries have one of `texts` among their texts, numbers and keys.
pub fn has_any(patch: &[Value], texts: &BTreeSet<String>) -> bool {
    fn has(value: &Value, texts: &BTreeSet<String>) -> bool {
        match value {
            Value::String(text) => texts.contains(text),
            Value::Array(items) => items.iter().any(|item| has(item, texts)),
            Value::Object(fields) => {
                fields.iter().any(|(key, value)| texts.contains(key) || has(value, texts))
            }
            other => texts.contains(&other.to_string()),
        }
    }
    !texts.is_empty() && patch.iter().any(|op| op.get("value").is_some_and(|value| has(value, texts)))
}

/// Blocks are compared up to this depth; a block further down that differs is replaced as a whole. Caddy's own
/// configurations have some 20 levels, and comparing at every level takes time in proportion to depth and size.
const DEEPEST: usize = 64;

fn walk(path: &str, depth: usize, old: &Value, new: &Value, ops: &mut Vec<Value>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(a), Value::Object(b)) if depth < DEEPEST => {
            for key in a.keys().filter(|key| !b.contains_key(*key)) {
                ops.push(json!({"op": "remove", "path": format!("{path}/{}", escape(key))}));
            }
            for (key, value) in b {
                let path = format!("{path}/{}", escape(key));
                match a.get(key) {
                    Some(before) => walk(&path, depth + 1, before, value, ops),
                    None => ops.push(json!({"op": "add", "path": path, "value": value})),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if depth < DEEPEST => arrays(path, depth + 1, a, b, ops),
        _ => ops.push(json!({"op": "replace", "path": path, "value": new})),
    }
}

/// Members that are the same on both sides are anchors; between two anchors members are changed in place as far as
/// both have some, the rest is removed or added. From the end, so that earlier indices stay true.
fn arrays(path: &str, depth: usize, old: &[Value], new: &[Value], ops: &mut Vec<Value>) {
    let anchors = anchors(old, new);
    let (mut old_end, mut new_end) = (old.len(), new.len());
    for (old_at, new_at) in anchors.into_iter().rev().map(|(a, b)| (Some(a), Some(b))).chain([(None, None)]) {
        let (a, b) = (old_at.map_or(0, |at: usize| at + 1), new_at.map_or(0, |at: usize| at + 1));
        let both = (old_end - a).min(new_end - b);
        for at in (a + both..old_end).rev() {
            ops.push(json!({"op": "remove", "path": format!("{path}/{at}")}));
        }
        for (offset, value) in new[b + both..new_end].iter().enumerate() {
            ops.push(json!({"op": "add", "path": format!("{path}/{}", a + both + offset), "value": value}));
        }
        for offset in 0..both {
            walk(&format!("{path}/{}", a + offset), depth, &old[a + offset], &new[b + offset], ops);
        }
        (old_end, new_end) = (old_at.unwrap_or(0), new_at.unwrap_or(0));
    }
}

/// Pairs of equal members in rising order on both sides: the equal ends, and between them members that stand once
/// on each side.
fn anchors(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = (old.len() - head).min(new.len() - head);
    let tail = (0..rest).take_while(|at| old[old.len() - 1 - at] == new[new.len() - 1 - at]).count();
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    if old_end > head && new_end > head {
        let mut places: HashMap<&Value, (usize, usize, usize)> = HashMap::new();
        for value in &old[head..old_end] {
            places.entry(value).or_default().0 += 1;
        }
        for (at, value) in new[head..new_end].iter().enumerate() {
            let place = places.entry(value).or_default();
            (place.1, place.2) = (place.1 + 1, head + at);
        }
        let mut last = head;
        for (at, value) in old[head..old_end].iter().enumerate() {
            // Greedy: a pair that would step back is left out.
            if let Some(&(1, 1, place)) = places.get(value)
                && place >= last
            {
                pairs.push((head + at, place));
                last = place + 1;
            }
        }
    }
    pairs.extend((0..tail).map(|at| (old_end + at, new_end + at)));
    pairs
}
