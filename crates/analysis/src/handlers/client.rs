//! Which texts a client decides.

use serde_json::Value;

use super::Handlers;

/// The placeholders whose values the client sends.
const SENT: &[&str] = &[
    "http.request.header.",
    "http.request.cookie.",
    "http.request.uri",
    "http.request.orig_uri",
    "http.request.query",
    "http.request.body",
    "http.request.host",
    "http.request.orig_host",
];

/// Whether the value of a text, with its placeholders replaced, depends on what the client sends. Variables and outputs of `map`
/// are followed; captures of regular expressions count, because they are pieces of a request.
pub(crate) fn is_client(all: &Handlers, text: &str) -> bool {
    let mut seen = std::collections::HashSet::new();
    let mut next: Vec<String> = names(text).map(str::to_owned).collect();
    while let Some(name) = next.pop() {
        if SENT.iter().any(|sent| name.starts_with(sent)) || name.starts_with("http.regexp.") {
            return true;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(key) = name.strip_prefix("http.vars.") {
            next.extend(variable(all, key));
        }
        next.extend(mapped(all, &name));
    }
    false
}

/// The placeholders in what `vars` sets `key` to.
fn variable(all: &Handlers, key: &str) -> Vec<String> {
    let values = all.named("vars").filter_map(|handler| handler.at(key).as_str());
    values.flat_map(names).map(str::to_owned).collect()
}

/// The placeholders that the output `name` of a `map` is made of, its source included.
fn mapped(all: &Handlers, name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for map in all.named("map") {
        let list = map.at("destinations").as_array().into_iter().flatten().filter_map(Value::as_str);
        let Some(place) = list.map(|name| name.trim_matches(['{', '}'])).position(|known| known == name)
        else {
            continue;
        };
        let source = map.at("source").as_str().unwrap_or_default();
        for mapping in map.at("mappings").as_array().into_iter().flatten() {
            let output = mapping.get("outputs").and_then(|list| list.get(place)).and_then(Value::as_str);
            let output = output.unwrap_or_default();
            out.extend(names(output).map(str::to_owned));
            // `$1` is a piece of the source.
            if output.contains('$') && mapping.get("input_regexp").is_some() {
                out.extend(names(source).map(str::to_owned));
            }
        }
        let default = map.at("defaults").get(place).and_then(Value::as_str).unwrap_or_default();
        out.extend(names(default).map(str::to_owned));
    }
    out
}

/// The names of the placeholders in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// All texts in a value, names of fields included.
pub(crate) fn scalar_texts(value: &Value) -> Vec<&str> {
    let mut out = Vec::new();
    let mut next = vec![value];
    while let Some(value) = next.pop() {
        match value {
            Value::String(text) => out.push(text.as_str()),
            Value::Array(list) => next.extend(list),
            Value::Object(fields) => {
                for (name, value) in fields {
                    out.push(name);
                    next.push(value);
                }
            }
            _ => {}
        }
    }
    out
}
