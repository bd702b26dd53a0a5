//! Matcher sets of a route: a normal form to compare, words to read, and what one set says of another.

use serde_json::{Map, Value};

use super::pattern;

/// The matcher sets of `route` in a form in which equal meaning is equal value: lists that are sets are sorted,
/// hosts and paths lower-cased, an expression's name dropped. Empty when every request matches.
pub(crate) fn normal_sets(route: &Value) -> Vec<Value> {
    let Some(Value::Array(sets)) = route.get("match") else { return Vec::new() };
    normal(sets)
}

/// The same of a list of matcher sets. Sets that remember something keep their order: the first that matches says what
/// handlers read.
pub(crate) fn normal(sets: &[Value]) -> Vec<Value> {
    let remembers = !sets.iter().all(only_looks);
    let mut sets: Vec<Value> = sets.iter().map(normal_set).collect();
    if sets.iter().any(|set| set.as_object().is_some_and(Map::is_empty)) {
        return Vec::new();
    }
    if sets.len() > 1 && !remembers {
        sets.sort_by_cached_key(Value::to_string);
        sets.dedup();
    }
    sets
}

/// Whether a matcher set only looks at the request: it remembers nothing that handlers read.
pub(crate) fn only_looks(set: &Value) -> bool {
    const PLAIN: &[&str] =
        &["path", "host", "method", "remote_ip", "client_ip", "protocol", "header", "query"];
    set.as_object().is_some_and(|set| {
        set.iter().all(|(name, value)| match name.as_str() {
            "not" => value.as_array().is_some_and(|sets| sets.iter().all(only_looks)),
            name => PLAIN.contains(&name),
        })
    })
}

/// One matcher set in its normal form.
pub(crate) fn normal_set(set: &Value) -> Value {
    let Value::Object(set) = set else { return set.clone() };
    set.iter().map(|(name, value)| (name.clone(), normal_matcher(name, value))).collect::<Map<_, _>>().into()
}

fn normal_matcher(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("host" | "path", Value::Array(items)) => sorted(
            items.iter().map(|item| item.as_str().map_or(item.clone(), |text| text.to_lowercase().into())),
        ),
        ("method", Value::Array(items)) => sorted(items.iter().cloned()),
        ("not", Value::Array(sets)) => sorted(sets.iter().map(normal_set)),
        ("remote_ip" | "client_ip", Value::Object(fields)) => fields
            .iter()
            .map(|(key, value)| match value {
                Value::Array(items) => (key.clone(), sorted(items.iter().cloned())),
                other => (key.clone(), other.clone()),
            })
            .collect::<Map<_, _>>()
            .into(),
        ("expression", Value::Object(fields)) => fields.get("expr").unwrap_or(value).clone(),
        _ => value.clone(),
    }
}

fn sorted(items: impl Iterator<Item = Value>) -> Value {
    let mut items: Vec<Value> = items.collect();
    if items.len() > 1 {
        items.sort_by_cached_key(Value::to_string);
        items.dedup();
    }
    items.into()
}

/// Whether every request that one of `narrow` takes is taken by one of `wide`. No sets take everything.
pub(crate) fn covers(wide: &[Value], narrow: &[Value]) -> bool {
    wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|n| wide.iter().any(|w| set_covers(w, n))))
}

fn set_covers(wide: &Value, narrow: &Value) -> bool {
    let (Some(wide), Some(narrow)) = (wide.as_object(), narrow.as_object()) else { return wide == narrow };
    wide.iter().all(|(name, want)| {
        let Some(have) = narrow.get(name) else { return false };
        let all = |covered: fn(&str, &str) -> bool| {
            strings(have).all(|have| strings(want).any(|want| covered(want, have)))
        };
        want == have
            || match name.as_str() {
                "path" => all(pattern::path_covers),
                "host" => all(pattern::host_covers),
                "method" => all(|a, b| a == b),
                _ => false,
            }
    })
}

/// Whether no request is taken by a set of both.
pub(crate) fn disjoint(a: &[Value], b: &[Value]) -> bool {
    !a.is_empty() && !b.is_empty() && a.iter().all(|a| b.iter().all(|b| set_disjoint(a, b)))
}

fn set_disjoint(a: &Value, b: &Value) -> bool {
    let (Some(left), Some(right)) = (a.as_object(), b.as_object()) else { return false };
    let apart = |name: &str, disjoint: fn(&str, &str) -> bool| {
        left.get(name).zip(right.get(name)).is_some_and(|(left, right)| {
            strings(left).all(|left| strings(right).all(|right| disjoint(left, right)))
        })
    };
    apart("path", pattern::path_disjoint)
        || apart("host", pattern::host_disjoint)
        || apart("method", |a, b| a != b && !a.contains('{') && !b.contains('{'))
        || denies(left, b)
        || denies(right, a)
}

/// Whether `set` says `not` to all that `other` takes.
fn denies(set: &Map<String, Value>, other: &Value) -> bool {
    let Some(Value::Array(refused)) = set.get("not") else { return false };
    refused.iter().any(|refused| set_covers(refused, other))
}

/// How many values of a set are compared with those of another.
pub(crate) fn weight(set: &Value) -> usize {
    let members = |(name, value): (&String, &Value)| match (name.as_str(), value) {
        ("path" | "host" | "method", Value::Array(items)) => items.len(),
        ("not", Value::Array(refused)) => refused.iter().map(weight).sum(),
        _ => 1,
    };
    set.as_object().into_iter().flatten().map(members).sum::<usize>().max(1)
}

/// Whether a set looks at what a rewrite can change.
pub(crate) fn reads_uri(sets: &[Value]) -> bool {
    sets.iter().any(|set| {
        set.as_object().is_none_or(|set| {
            set.keys().any(|name| !matches!(name.as_str(), "host" | "remote_ip" | "client_ip" | "protocol"))
        })
    })
}

/// The texts of a list.
pub(crate) fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_set_covers_another() {
        assert!(covers(&[], &[json!({"path": ["/x"]})]));
        assert!(covers(&[json!({"path": ["/x/*"]})], &[json!({"path": ["/x/y"], "method": ["GET"]})]));
        assert!(!covers(&[json!({"path": ["/x/*"], "method": ["GET"]})], &[json!({"path": ["/x/y"]})]));
        assert!(!covers(&[json!({"path": ["/x/*"]})], &[]));
    }

    #[test]
    fn sets_that_never_meet() {
        assert!(disjoint(&[json!({"path": ["/x"]})], &[json!({"path": ["/y"]})]));
        assert!(disjoint(&[json!({"path": ["/x"]})], &[json!({"not": [{"path": ["/x"]}]})]));
        assert!(disjoint(&[json!({"path": ["/x/a"]})], &[json!({"not": [{"path": ["/x/*"]}]})]));
        assert!(!disjoint(&[json!({"path": ["/x/*"]})], &[json!({"header": {"A": null}})]));
        assert!(!disjoint(&[], &[json!({"path": ["/y"]})]));
    }

    #[test]
    fn order_of_a_set_is_no_difference() {
        let a = json!({"match": [{"path": ["/b", "/A"]}, {"method": ["GET"]}]});
        let b = json!({"match": [{"method": ["GET"]}, {"path": ["/a", "/b"]}]});
        assert_eq!(normal_sets(&a), normal_sets(&b));
    }
}
