//! A handler in the words of a Caddyfile: the directive, and what it does, on one line.

use serde_json::Value;

use super::{answer, matchers, words};
use caddyctl_language::directives;
use caddyctl_language::source::secrets;
use caddyctl_language::spec::{Shown, Sign};

/// The directive that makes such a handler. Some handlers have several; their settings show which.
pub(crate) fn directive(handler: &Value) -> &str {
    let name = answer::name(handler);
    let mut known = None;
    for directive in directives::ALL {
        let (Some(module), Some(signs)) = (directive.handler, directive.signs) else { continue };
        if module.name != name || !signs.iter().all(|sign| shows(handler, *sign)) {
            continue;
        }
        known = Some(directive.name.as_str());
        if !signs.is_empty() {
            break;
        }
    }
    known.unwrap_or(if name.is_empty() { "handler" } else { name })
}

/// Whether a handler has a sign of the directive that made it.
fn shows(handler: &Value, sign: Sign) -> bool {
    match sign {
        Sign::Has(pointer) => handler.pointer(pointer).is_some(),
        Sign::Lacks(pointer) => handler.pointer(pointer).is_none(),
        Sign::Text(pointer, text) => handler.pointer(pointer).and_then(Value::as_str) == Some(text),
        Sign::Number(pointer, number) => handler.pointer(pointer).and_then(Value::as_u64) == Some(number),
        Sign::True(pointer) => handler.pointer(pointer).and_then(Value::as_bool) == Some(true),
        Sign::Settings(count) => handler.as_object().is_some_and(|fields| fields.len() == count + 1),
    }
}

/// What the handler does, without the directive's name and without secrets.
pub(crate) fn what(handler: &Value) -> String {
    let shown = directives::handler(answer::name(handler)).map_or(&[][..], |known| known.shows);
    let parts = shown.iter().flat_map(|part| shown_part(handler, *part)).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

fn shown_part(handler: &Value, part: Shown) -> Vec<String> {
    let text = |key: &str| handler.get(key).map(words::safe).unwrap_or_default();
    match part {
        Shown::Value(key) => vec![text(key)],
        Shown::Flag(key) => handler.get(key).map(|_| key.to_owned()).into_iter().collect(),
        Shown::Size(key) => {
            let words = |size: &Value| size.as_u64().map_or_else(|| words::plain(size), words::size);
            handler.get(key).map(|size| format!("{key} {}", words(size))).into_iter().collect()
        }
        Shown::Named(name, value) => vec![secret_text(handler, name, value)],
        Shown::Upstreams => vec![upstreams(handler).join(" ")],
        Shown::Response => response(handler),
        Shown::Rewrite => rewrite(handler),
        Shown::Headers => vec![header_names(handler)],
        Shown::Encodings => vec![encodings(handler)],
        Shown::Variables => variables(handler),
        Shown::Accounts => vec![accounts(handler)],
    }
}

/// Directive and what it does.
pub(crate) fn describe(handler: &Value) -> String {
    let what = what(handler);
    if what.is_empty() { directive(handler).to_owned() } else { format!("{} {what}", directive(handler)) }
}

/// The upstreams of a proxy, with the scheme when it is not plain HTTP.
pub(crate) fn upstreams(handler: &Value) -> Vec<String> {
    if answer::name(handler) != "reverse_proxy" {
        return Vec::new();
    }
    let scheme = match handler.get("transport") {
        Some(transport) if transport.get("tls").is_some() => "https://",
        Some(transport)
            if transport.get("versions").is_some_and(|v| matchers::strings(v).eq(["h2c", "2"])) =>
        {
            "h2c://"
        }
        _ => "",
    };
    let list = handler.get("upstreams").and_then(Value::as_array);
    let mut upstreams: Vec<String> = list
        .into_iter()
        .flatten()
        .map(|upstream| format!("{scheme}{}", upstream.get("dial").and_then(Value::as_str).unwrap_or("")))
        .collect();
    if let Some(dynamic) = handler.get("dynamic_upstreams") {
        let part = |key| dynamic.get(key).and_then(Value::as_str).unwrap_or("");
        upstreams.push(format!("dynamic {} {}", part("source"), part("name")).trim_end().to_owned());
    }
    upstreams
}

/// Whether open streams (`WebSocket`s) through this handler are closed when the configuration is replaced. They live on
/// for `stream_close_delay` when it is set (measured on Caddy 2.11.7).
pub(crate) fn closes_streams(handler: &Value) -> bool {
    directive(handler) == "reverse_proxy" && handler.get("stream_close_delay").is_none()
}

fn location(handler: &Value) -> Option<&str> {
    handler.pointer("/headers/Location/0")?.as_str()
}

fn response(handler: &Value) -> Vec<String> {
    let status = handler.get("status_code").map(words::plain).unwrap_or_default();
    if let Some(location) = location(handler) {
        return vec![words::quote(&secrets::hide_within(location)), status];
    }
    let body = handler
        .get("body")
        .and_then(Value::as_str)
        .map(|body| words::cut(&words::quote(&secrets::hide_text("", body)), 48));
    vec![body.unwrap_or_default(), status]
}

fn rewrite(handler: &Value) -> Vec<String> {
    let text = |key: &str| handler.get(key).map(words::safe).unwrap_or_default();
    let with = |key: &str, word: &str| {
        handler.get(key).map(|value| format!("{word} {}", words::safe(value))).unwrap_or_default()
    };
    // `replace FIND WITH`, each time it stands there.
    let list = |key: &str, word: &str| {
        let rules = handler.get(key).and_then(Value::as_array).into_iter().flatten();
        let part = |rule: &Value, key: &str| rule.get(key).map_or("\"\"".to_owned(), words::safe);
        let rules = rules.map(|rule| format!("{word} {} {}", part(rule, "find"), part(rule, "replace")));
        rules.collect::<Vec<_>>().join(", ")
    };
    vec![
        text("method"),
        text("uri"),
        with("strip_path_prefix", "strip_prefix"),
        with("strip_path_suffix", "strip_suffix"),
        list("uri_substring", "replace"),
        list("path_regexp", "path_regexp"),
        handler.get("query").map(query).unwrap_or_default(),
    ]
}

/// What is done to the query, with the signs that a Caddyfile has for it.
fn query(operations: &Value) -> String {
    let mut words = vec!["query".to_owned()];
    for (operation, sign, between) in
        [("rename", "", ">"), ("set", "", " "), ("add", "+", " "), ("replace", "", " ")]
    {
        for rule in operations.get(operation).and_then(Value::as_array).into_iter().flatten() {
            let key = rule.get("key").and_then(Value::as_str).unwrap_or("");
            let value = ["val", "replace"].iter().find_map(|name| rule.get(*name)).unwrap_or(&Value::Null);
            let value = words::plain(&secrets::hide_value(key, value));
            words.push(format!("{sign}{key}{between}{value}"));
        }
    }
    words.extend(
        operations.get("delete").into_iter().flat_map(matchers::strings).map(|name| format!("-{name}")),
    );
    words.join(" ")
}

/// What is done with some answers of an upstream: `status 5xx: respond sorry 503`, `copy_headers Remote-User`.
pub(crate) fn response_handler(value: &Value) -> String {
    if let Some(copied) = copied_headers(value) {
        return copied;
    }
    let mut when: Vec<String> = Vec::new();
    if let Some(codes) = value.pointer("/match/status_code").and_then(Value::as_array) {
        let code = |code: &Value| match code.as_u64() {
            Some(class) if class < 10 => format!("{class}xx"),
            _ => words::plain(code),
        };
        when.push(format!("status {}", codes.iter().map(code).collect::<Vec<_>>().join(" ")));
    }
    if let Some(headers) = value.pointer("/match/headers") {
        when.push(words::sets(&[serde_json::json!({ "header": headers })]));
    }
    let mut what: Vec<String> = Vec::new();
    what.extend(value.get("status_code").map(|code| format!("status becomes {}", words::safe(code))));
    what.extend(value.get("routes").map(nested));
    let when = if when.is_empty() { "any answer".to_owned() } else { when.join(" and ") };
    format!("{when}: {}", what.join(", "))
}

/// The headers that `forward_auth` takes over from the auth server.
fn copied_headers(value: &Value) -> Option<String> {
    if value.pointer("/match/status_code")? != &serde_json::json!([2]) {
        return None;
    }
    let mut copied = Vec::new();
    for handler in value
        .get("routes")?
        .as_array()?
        .iter()
        .filter_map(|route| route.get("handle"))
        .flat_map(|list| list.as_array().map_or(&[][..], Vec::as_slice))
    {
        match answer::name(handler) {
            "vars" => {}
            "headers" => {
                for (name, from) in
                    handler.pointer("/request/set").and_then(Value::as_object).into_iter().flatten()
                {
                    let from = matchers::strings(from).next()?;
                    let from = from.strip_prefix("{http.reverse_proxy.header.")?.strip_suffix('}')?;
                    copied.push(if from == name { name.clone() } else { format!("{from}>{name}") });
                }
            }
            _ => return None,
        }
    }
    Some(if copied.is_empty() {
        "copy_headers nothing".to_owned()
    } else {
        format!("copy_headers {}", copied.join(" "))
    })
}

/// Routes inside a handler, on one line.
fn nested(routes: &Value) -> String {
    let route = |route: &Value| {
        let handlers = route.get("handle").and_then(Value::as_array).into_iter().flatten();
        let handlers = handlers.map(|handler| match handler.get("routes") {
            Some(routes) if answer::name(handler) == "subroute" => nested(routes),
            _ => describe(handler),
        });
        let what = handlers.collect::<Vec<_>>().join(", ");
        match words::sets(&matchers::normal_sets(route)) {
            when if when.is_empty() => what,
            when => format!("{when}: {what}"),
        }
    };
    routes.as_array().into_iter().flatten().map(route).collect::<Vec<_>>().join("; ")
}

/// The names of the headers that are touched, with the sign a Caddyfile gives them.
fn header_names(handler: &Value) -> String {
    let mut names = Vec::new();
    for side in ["request", "response"] {
        let Some(ops) = handler.get(side) else { continue };
        let default = ops.get("require").is_some();
        for (key, sign) in [("add", "+"), ("set", if default { "?" } else { "" }), ("replace", "")] {
            let fields = ops.get(key).and_then(Value::as_object);
            names.extend(fields.into_iter().flatten().map(|(name, _)| format!("{sign}{name}")));
        }
        if let Some(delete) = ops.get("delete") {
            names.extend(matchers::strings(delete).map(|name| format!("-{name}")));
        }
    }
    names.join(" ")
}

fn encodings(handler: &Value) -> String {
    if let Some(prefer) = handler.get("prefer") {
        return words::plain(prefer);
    }
    let names = handler.get("encodings").and_then(Value::as_object);
    names.into_iter().flatten().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
}

fn variables(handler: &Value) -> Vec<String> {
    let fields = handler.as_object().into_iter().flatten().filter(|(name, _)| *name != "handler");
    fields
        .map(|(name, value)| format!("{name}={}", words::plain(&secrets::hide_value(name, value))))
        .collect()
}

fn accounts(handler: &Value) -> String {
    let accounts = handler.pointer("/providers/http_basic/accounts").and_then(Value::as_array);
    let names = accounts.into_iter().flatten().filter_map(|account| account.get("username")?.as_str());
    names.collect::<Vec<_>>().join(" ")
}

fn secret_text(handler: &Value, name: &str, value: &str) -> String {
    let name = handler.get(name).and_then(Value::as_str).unwrap_or("");
    handler.get(value).map(|value| words::plain(&secrets::hide_value(name, value))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn handlers_in_words() {
        for (handler, words) in [
            (
                json!({"handler": "reverse_proxy", "upstreams": [{"dial": "a:1"}, {"dial": "b:2"}]}),
                "reverse_proxy a:1 b:2",
            ),
            (
                json!({"handler": "reverse_proxy", "transport": {"protocol": "http", "tls": {}}, "upstreams": [{"dial": "a:443"}]}),
                "reverse_proxy https://a:443",
            ),
            (json!({"handler": "static_response", "status_code": 404}), "respond 404"),
            (json!({"handler": "static_response", "body": "hi there"}), "respond \"hi there\""),
            (
                json!({"handler": "static_response", "headers": {"Location": ["/new"]}, "status_code": 301}),
                "redir /new 301",
            ),
            (json!({"handler": "static_response", "abort": true}), "abort"),
            (json!({"handler": "rewrite", "strip_path_prefix": "/x"}), "uri strip_prefix /x"),
            (json!({"handler": "rewrite", "method": "GET"}), "method GET"),
            (
                json!({"handler": "headers", "response": {"set": {"A": ["1"]}, "delete": ["B"]}}),
                "header A -B",
            ),
            (json!({"handler": "vars", "root": "/srv"}), "vars root=/srv"),
            (
                json!({"handler": "encode", "encodings": {"gzip": {}, "zstd": {}}, "prefer": ["zstd", "gzip"]}),
                "encode zstd gzip",
            ),
            (json!({"handler": "cache"}), "cache"),
        ] {
            assert_eq!(describe(&handler), words);
        }
    }
}
