//! The settings in which two JSON values differ, named by the way to them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::report::Field;
use crate::routes::{secrets, words};

/// How values become words: whether secrets may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// Whether secrets are printed as they are.
    pub secrets: bool,
}

impl Show {
    /// The value of the setting `name` in words.
    pub fn value(self, name: &str, value: &Value) -> String {
        if self.secrets { words::plain(value) } else { words::plain(&secrets::hide_value(name, value)) }
    }
}

/// Every setting that differs between `old` and `new`, in the order of the names.
pub fn fields(old: &Value, new: &Value, show: Show) -> Vec<Field> {
    let mut found = Vec::new();
    walk("", "", Some(old), Some(new), show, &mut found);
    found
}

fn walk(
    path: &str,
    name: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    show: Show,
    found: &mut Vec<Field>,
) {
    if old == new {
        return;
    }
    match (old, new) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => objects(path, name, a, b, show, found),
        (Some(Value::Array(a)), Some(Value::Array(b))) if keyed(a) && keyed(b) => {
            arrays(path, name, a, b, show, found);
        }
        _ => {
            let text = |value: Option<&Value>| value.map(|value| show.value(name, value));
            found.push(Field { name: path.to_owned(), old: text(old), new: text(new) });
        }
    }
}

fn objects(
    path: &str,
    name: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    show: Show,
    found: &mut Vec<Field>,
) {
    let mut keys: Vec<&String> = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect();
    keys.sort();
    for key in keys {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        // Below a name that says "secret" everything is one.
        let name = if secrets::is_secret_name(name) { name } else { key };
        walk(&path, name, old.get(key), new.get(key), show, found);
    }
}

/// What tells one member of a list from another.
fn identity(value: &Value) -> Option<String> {
    let fields = value.as_object()?;
    let key = ["match", "subjects", "username", "dial", "id", "name", "module"]
        .iter()
        .find_map(|key| fields.get(*key));
    Some(key.map(ToString::to_string).unwrap_or_default())
}

fn keyed(items: &[Value]) -> bool {
    items.iter().all(Value::is_object)
}

/// Pairs members by what identifies them, in order among equals; the rest came or went.
fn arrays(path: &str, name: &str, old: &[Value], new: &[Value], show: Show, found: &mut Vec<Field>) {
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, value) in new.iter().enumerate().rev() {
        waiting.entry(identity(value).unwrap_or_default()).or_default().push(index);
    }
    let before = found.len();
    for (index, value) in old.iter().enumerate() {
        let partner = waiting.get_mut(&identity(value).unwrap_or_default()).and_then(Vec::pop);
        walk(&format!("{path}.{index}"), name, Some(value), partner.map(|at| &new[at]), show, found);
    }
    let mut left: Vec<usize> = waiting.into_values().flatten().collect();
    left.sort_unstable();
    for index in left {
        walk(&format!("{path}.{index}"), name, None, Some(&new[index]), show, found);
    }
    if found.len() == before {
        // The same members in another order.
        let text = |items: &[Value]| Some(show.value(name, &items.to_vec().into()));
        found.push(Field { name: path.to_owned(), old: text(old), new: text(new) });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(old: &Value, new: &Value) -> Vec<String> {
        let one =
            |f: Field| format!("{}: {} -> {}", f.name, f.old.unwrap_or_default(), f.new.unwrap_or_default());
        fields(old, new, Show::default()).into_iter().map(one).collect()
    }

    #[test]
    fn differing_settings() {
        assert_eq!(
            run(&json!({"a": {"b": 1}}), &json!({"a": {"b": 2, "c": "x"}})),
            ["a.b: 1 -> 2", "a.c:  -> x"]
        );
        assert_eq!(
            run(
                &json!({"u": [{"dial": "a"}, {"dial": "b", "max": 1}]}),
                &json!({"u": [{"dial": "b", "max": 2}, {"dial": "a"}]})
            ),
            ["u.1.max: 1 -> 2"]
        );
        assert_eq!(
            run(&json!({"api_token": "a"}), &json!({"api_token": "b"})),
            ["api_token: <hidden> -> <hidden>"]
        );
    }
}
