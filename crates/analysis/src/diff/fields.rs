//! The settings in which two JSON values differ, named by the way to them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::report::Field;
use crate::routes::{handler, words};
use caddyctl_language::source::secrets;

/// How values become words: whether secrets may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// Whether secrets are printed as they are.
    pub secrets: bool,
}

impl Show {
    /// The value of the setting `name` in words.
    pub(crate) fn value(self, name: &str, value: &Value) -> String {
        if let Some(duration) = value.as_u64().and_then(|nanoseconds| duration(name, nanoseconds)) {
            return duration;
        }
        let hidden = if self.secrets { value.clone() } else { secrets::hide_value(name, value) };
        let text = words::plain(&hidden);
        if text.trim().is_empty() { hidden.to_string() } else { text }
    }
}

/// Blocks are compared up to this depth; one further down that differs is reported as a whole. To compare at each level, and to
/// name the way to it, takes time and memory with the square of the depth.
const DEEPEST: usize = 128;

/// More settings than this of something that only one side has are reported as one.
const LEAVES: usize = 12;

/// A duration in the words of a Caddyfile. Caddy's JSON has nanoseconds, and only the name shows that.
fn duration(name: &str, nanoseconds: u64) -> Option<String> {
    let ends = [
        "timeout", "delay", "interval", "duration", "period", "idle", "latency", "lifetime", "max_age",
        "ratio",
    ];
    if nanoseconds < 1_000_000
        || !nanoseconds.is_multiple_of(1_000_000)
        || !ends.iter().any(|end| name.ends_with(end))
    {
        return None;
    }
    let millis = nanoseconds / 1_000_000;
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")];
    let (size, unit) = units.iter().find(|(size, _)| millis.is_multiple_of(*size))?;
    Some(format!("{}{unit}", millis / size))
}

/// Every setting that differs between `old` and `new`, in the order of the names.
pub(crate) fn fields(old: &Value, new: &Value, show: Show) -> Vec<Field> {
    let mut found = Vec::new();
    walk(Way { path: "", name: "", depth: 0 }, Some(old), Some(new), show, &mut found);
    found
}

/// The way to a setting.
#[derive(Clone, Copy)]
struct Way<'a> {
    /// The names on it, with dots between them.
    path: &'a str,
    /// The name that its value counts under.
    name: &'a str,
    /// How many blocks are around it.
    depth: usize,
}

impl<'a> Way<'a> {
    fn below(self, path: &'a str, name: &'a str) -> Self {
        Self { path, name, depth: self.depth + 1 }
    }

    /// A setting that is reported as a whole.
    fn field(self, old: Option<&Value>, new: Option<&Value>, show: Show) -> Field {
        let text = |value: Option<&Value>| value.map(|value| show.value(self.name, value));
        Field { name: self.path.to_owned(), old: text(old), new: text(new) }
    }
}

fn walk(way: Way<'_>, old: Option<&Value>, new: Option<&Value>, show: Show, found: &mut Vec<Field>) {
    if old == new {
        return;
    }
    match (old, new) {
        _ if way.depth >= DEEPEST => found.push(way.field(old, new, show)),
        (None, Some(Value::Object(only))) | (Some(Value::Object(only)), None) if !only.is_empty() => {
            whole(way, old, new, show, found);
        }
        (Some(Value::Object(a)), Some(Value::Object(b))) => objects(way, a, b, show, found),
        (Some(Value::Array(a)), Some(Value::Array(b))) if keyed(a) && keyed(b) => {
            arrays(way, a, b, show, found);
        }
        _ => found.push(way.field(old, new, show)),
    }
}

/// An object that only one side has is reported by its settings, a large one as a whole.
fn whole(way: Way<'_>, old: Option<&Value>, new: Option<&Value>, show: Show, found: &mut Vec<Field>) {
    let before = found.len();
    let none = Map::new();
    let old_fields = old.and_then(Value::as_object).unwrap_or(&none);
    let new_fields = new.and_then(Value::as_object).unwrap_or(&none);
    objects(way, old_fields, new_fields, show, found);
    if found.len() > before + LEAVES {
        found.truncate(before);
        found.push(way.field(old, new, show));
    }
}

fn objects(
    way: Way<'_>,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    show: Show,
    found: &mut Vec<Field>,
) {
    let mut keys: Vec<&String> = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect();
    keys.sort();
    for key in keys {
        let path = if way.path.is_empty() { key.clone() } else { format!("{}.{key}", way.path) };
        let fields = if new.contains_key(key) { new } else { old };
        let name = secrets::name_below(way.name, fields, key);
        if key == "handle_response" && responses(&path, old.get(key), new.get(key), found) {
            continue;
        }
        walk(way.below(&path, name), old.get(key), new.get(key), show, found);
    }
}

/// Reports the answers of an upstream that are handled in their own way; `false` when words do not distinguish them.
fn responses(path: &str, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Field>) -> bool {
    let words = |value: Option<&Value>| -> Vec<String> {
        value.and_then(Value::as_array).into_iter().flatten().map(handler::response_handler).collect()
    };
    let (before, after) = (words(old), words(new));
    if before == after {
        return old == new;
    }
    let only = |list: &[String], other: &[String]| -> Vec<String> {
        let other: HashSet<&String> = other.iter().collect();
        list.iter().filter(|words| !other.contains(words)).cloned().collect()
    };
    let (gone, come) = (only(&before, &after), only(&after, &before));
    if gone.is_empty() && come.is_empty() {
        return false;
    }
    for at in 0..gone.len().max(come.len()) {
        let (old, new) = (gone.get(at).cloned(), come.get(at).cloned());
        found.push(Field { name: path.to_owned(), old, new });
    }
    true
}

/// The fields that distinguish the members of a list.
const IDENTITY: &[&str] =
    &["match", "subjects", "username", "dial", "id", "name", "input", "input_regexp", "module"];

/// What distinguishes the members of a list.
fn identity(value: &Value) -> Option<String> {
    let fields = value.as_object()?;
    let key = IDENTITY.iter().find_map(|key| fields.get(*key));
    Some(key.map(ToString::to_string).unwrap_or_default())
}

/// The name of a member in the way to a setting: what distinguishes it from others when that is one word, or its number.
fn label(known: &str, value: &Value, index: usize) -> String {
    // What a map asks for may be a secret.
    if secrets::is_secret_name(known) {
        return index.to_string();
    }
    let name = IDENTITY.iter().find_map(|key| value.get(*key)).and_then(Value::as_str);
    match name {
        Some(name) if !name.is_empty() && !name.contains(char::is_whitespace) => words::cut(name, 40),
        _ => index.to_string(),
    }
}

fn keyed(items: &[Value]) -> bool {
    items.iter().all(Value::is_object)
}

/// Pairs members by what identifies them, in order among equals; the rest came or went.
fn arrays(way: Way<'_>, old: &[Value], new: &[Value], show: Show, found: &mut Vec<Field>) {
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, value) in new.iter().enumerate().rev() {
        waiting.entry(identity(value).unwrap_or_default()).or_default().push(index);
    }
    let before = found.len();
    for (index, value) in old.iter().enumerate() {
        let partner = waiting.get_mut(&identity(value).unwrap_or_default()).and_then(Vec::pop);
        let path = format!("{}.{}", way.path, label(way.name, value, index));
        walk(way.below(&path, way.name), Some(value), partner.map(|at| &new[at]), show, found);
    }
    let mut left: Vec<usize> = waiting.into_values().flatten().collect();
    left.sort_unstable();
    for index in left {
        let path = format!("{}.{}", way.path, label(way.name, &new[index], index));
        walk(way.below(&path, way.name), None, Some(&new[index]), show, found);
    }
    if found.len() == before {
        // The same members in another order.
        let text = |items: &[Value]| Some(show.value(way.name, &items.to_vec().into()));
        found.push(Field { name: way.path.to_owned(), old: text(old), new: text(new) });
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
            ["u.b.max: 1 -> 2"]
        );
        assert_eq!(
            run(&json!({"api_token": "a"}), &json!({"api_token": "b"})),
            ["api_token: <hidden> -> <hidden>"]
        );
    }
}
