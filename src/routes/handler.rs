//! A handler in the words of a Caddyfile: the directive, and what it does, on one line.

use serde_json::Value;

use super::{answer, matchers, words};
use crate::source::secrets;

/// The directive that makes such a handler. Some handlers have several; their settings tell which.
pub fn directive(handler: &Value) -> &str {
    let has = |key| handler.get(key).is_some();
    match answer::name(handler) {
        "static_response" if handler.get("abort").and_then(Value::as_bool) == Some(true) => "abort",
        "static_response" if location(handler).is_some() => "redir",
        "static_response" => "respond",
        "reverse_proxy" if is_fastcgi(handler) => "php_fastcgi",
        "reverse_proxy" if is_forward_auth(handler) => "forward_auth",
        "headers" if has("request") && !has("response") => "request_header",
        "headers" => "header",
        "authentication" if handler.pointer("/providers/http_basic").is_some() => "basic_auth",
        "rewrite" if has("uri") && !has("strip_path_prefix") => "rewrite",
        "rewrite" if has("method") && handler.as_object().is_some_and(|fields| fields.len() == 2) => "method",
        "rewrite" => "uri",
        "" => "handler",
        name => name,
    }
}

/// What the handler does, without the directive's name and without secrets.
pub fn what(handler: &Value) -> String {
    let text = |key: &str| handler.get(key).map(words::plain).unwrap_or_default();
    let parts: Vec<String> = match answer::name(handler) {
        "reverse_proxy" => vec![upstreams(handler).join(" ")],
        "static_response" => response(handler),
        "file_server" => vec![
            text("root"),
            handler.get("browse").map(|_| "browse".to_owned()).unwrap_or_default(),
            text("status_code"),
        ],
        "error" => vec![text("status_code"), text("error")],
        "rewrite" => rewrite(handler),
        "headers" => vec![header_names(handler)],
        "encode" => vec![encodings(handler)],
        "vars" => variables(handler),
        "authentication" => vec![accounts(handler)],
        "map" => vec![text("source"), text("destinations")],
        "request_body" => {
            vec![handler.get("max_size").map(|size| format!("max_size {size}")).unwrap_or_default()]
        }
        "invoke" => vec![text("name")],
        "log_append" => vec![text("key"), secret_text(handler, "key", "value")],
        "tracing" => vec![text("span")],
        _ => Vec::new(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Directive and what it does.
pub fn describe(handler: &Value) -> String {
    let what = what(handler);
    if what.is_empty() { directive(handler).to_owned() } else { format!("{} {what}", directive(handler)) }
}

/// The upstreams of a proxy, with the scheme when it is not plain HTTP.
pub fn upstreams(handler: &Value) -> Vec<String> {
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
pub fn closes_streams(handler: &Value) -> bool {
    answer::name(handler) == "reverse_proxy"
        && !is_fastcgi(handler)
        && !is_forward_auth(handler)
        && handler.get("stream_close_delay").is_none()
}

fn is_fastcgi(handler: &Value) -> bool {
    handler.pointer("/transport/protocol").and_then(Value::as_str) == Some("fastcgi")
}

/// `forward_auth` is a proxy that asks with GET and goes on when the answer is 2xx.
fn is_forward_auth(handler: &Value) -> bool {
    handler.pointer("/rewrite/method").and_then(Value::as_str) == Some("GET")
        && handler.pointer("/handle_response/0/match/status_code/0").and_then(Value::as_u64) == Some(2)
}

fn location(handler: &Value) -> Option<&str> {
    handler.pointer("/headers/Location/0")?.as_str()
}

fn response(handler: &Value) -> Vec<String> {
    let status = handler.get("status_code").map(words::plain).unwrap_or_default();
    if let Some(location) = location(handler) {
        return vec![words::quote(&secrets::hide_userinfo(location)), status];
    }
    let body = handler
        .get("body")
        .and_then(Value::as_str)
        .map(|body| words::cut(&words::quote(&secrets::hide_text("", body)), 48));
    vec![body.unwrap_or_default(), status]
}

fn rewrite(handler: &Value) -> Vec<String> {
    let text = |key: &str| handler.get(key).map(words::plain).unwrap_or_default();
    let with = |key: &str, word: &str| {
        handler.get(key).map(|value| format!("{word} {}", words::plain(value))).unwrap_or_default()
    };
    vec![
        text("method"),
        text("uri"),
        with("strip_path_prefix", "strip_prefix"),
        with("strip_path_suffix", "strip_suffix"),
        if handler.get("uri_substring").is_some() { "replace".to_owned() } else { String::new() },
        if handler.get("path_regexp").is_some() { "path_regexp".to_owned() } else { String::new() },
        if handler.get("query").is_some() { "query".to_owned() } else { String::new() },
    ]
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
