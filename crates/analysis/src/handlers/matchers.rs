//! The matchers of a route.

use serde_json::Value;

/// A matcher of a route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matcher<'c> {
    /// Its name, such as `path`.
    pub(crate) name: &'c str,
    /// Its settings.
    pub(crate) value: &'c Value,
    /// The set that it is in.
    pub(crate) set: &'c Value,
    /// Whether it is in a `not`.
    pub(crate) is_negated: bool,
}

impl<'c> Matcher<'c> {
    /// The texts of its list; of a `path` or `host` matcher its entries.
    pub(crate) fn texts(self) -> impl Iterator<Item = &'c str> {
        self.value.as_array().into_iter().flatten().filter_map(Value::as_str)
    }
}

/// All matchers of a route, those in `not` included, however deep.
pub(super) fn of_route(route: &Value) -> Vec<Matcher<'_>> {
    let mut out = Vec::new();
    let mut sets: Vec<(&Value, bool)> = list(route.get("match")).iter().map(|set| (set, false)).collect();
    while let Some((set, is_negated)) = sets.pop() {
        for (name, value) in set.as_object().into_iter().flatten() {
            if name == "not" {
                sets.extend(list(Some(value)).iter().map(|inner| (inner, !is_negated)));
            } else {
                out.push(Matcher { name, value, set, is_negated });
            }
        }
    }
    out
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The hosts that a route takes, in lower case; `None` where it takes any.
pub(super) fn hosts(route: &Value) -> Option<Vec<String>> {
    let sets = list(route.get("match"));
    if sets.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    for set in sets {
        let hosts = set.get("host")?.as_array()?;
        out.extend(hosts.iter().filter_map(Value::as_str).map(str::to_lowercase));
    }
    Some(out)
}

/// Whether no request runs through both routes of a list: they are in one group, or take other hosts.
pub(super) fn are_exclusive(a: &Value, b: &Value) -> bool {
    let group = |route: &Value| {
        route.get("group").and_then(Value::as_str).filter(|group| !group.is_empty()).map(str::to_owned)
    };
    if group(a).is_some_and(|group_a| group(b) == Some(group_a)) {
        return true;
    }
    match (hosts(a), hosts(b)) {
        (Some(a), Some(b)) => {
            let is_plain = |host: &String| !host.contains(['*', '{']);
            a.iter().all(is_plain) && b.iter().all(is_plain) && !a.iter().any(|host| b.contains(host))
        }
        _ => false,
    }
}

/// The texts that a CEL expression passes to the function `name`, such as `path('/a*')`.
pub(crate) fn calls<'t>(expression: &'t str, name: &str) -> Vec<&'t str> {
    let mut out = Vec::new();
    let mut rest = expression;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        rest = after;
        if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.') {
            continue;
        }
        let Some(mut arguments) = after.trim_start().strip_prefix('(') else { continue };
        while let Some(quote) = arguments.find(['\'', '"', '`', ')']) {
            let mark = arguments.as_bytes()[quote] as char;
            if mark == ')' {
                break;
            }
            let text = &arguments[quote + 1..];
            let Some(end) = text.find(mark) else { break };
            out.push(&text[..end]);
            arguments = &text[end + 1..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_texts_of_a_function_are_found() {
        assert_eq!(calls("!path('/a%2f', \"/b\") && xpath('/c')", "path"), ["/a%2f", "/b"]);
        assert_eq!(calls("path_regexp('x')", "path"), [""; 0]);
    }

    #[test]
    fn groups_and_hosts_exclude_each_other() {
        let host = |host: &str| json!({"match": [{"host": [host]}]});
        assert!(are_exclusive(&host("a.test"), &host("b.test")));
        assert!(!are_exclusive(&host("a.test"), &host("A.test")));
        assert!(!are_exclusive(&host("a.test"), &host("*.test")));
        assert!(are_exclusive(&json!({"group": "g"}), &json!({"group": "g"})));
        assert!(!are_exclusive(&json!({"group": ""}), &json!({"group": ""})));
    }
}
