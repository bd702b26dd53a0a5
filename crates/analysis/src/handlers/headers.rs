//! What handlers do to the headers of a request.

use serde_json::Value;

use super::Handler;

impl<'c> Handler<'_, 'c> {
    /// The operations on the request's headers: those of `headers`, or those of a proxy on what it sends.
    fn request_headers(self) -> &'c Value {
        let value = self.value();
        let of = |pointer: &str| value.pointer(pointer).unwrap_or(&Value::Null);
        match self.at("handler").as_str() {
            Some("headers") => of("/request"),
            Some("reverse_proxy") => of("/headers/request"),
            _ => &Value::Null,
        }
    }

    /// The headers that it sets or adds in requests.
    pub(crate) fn sets(self) -> Vec<(&'c str, &'c Value)> {
        let operations = self.request_headers();
        let of = |kind: &str| operations.get(kind).and_then(Value::as_object);
        let all = of("set").into_iter().chain(of("add")).flatten();
        all.map(|(name, values)| (name.as_str(), values)).collect()
    }

    /// The headers that it sets in requests, without those that it adds to.
    pub(crate) fn replaces(self) -> Vec<&'c str> {
        let set = self.request_headers().get("set").and_then(Value::as_object);
        set.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// The headers that it deletes from requests; `*` at an end matches any text.
    pub(crate) fn deletes(self) -> Vec<&'c str> {
        let list = self.request_headers().get("delete").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether the request has no header `name` of the client when it comes to this handler: one that runs before it deletes
    /// or sets it each time.
    pub(crate) fn is_cleared(self, name: &str) -> bool {
        self.before().into_iter().any(|earlier| {
            earlier.is("headers")
                && (earlier.deletes().iter().any(|pattern| covers(pattern, name))
                    || earlier.replaces().iter().any(|set| set.eq_ignore_ascii_case(name)))
                && earlier.is_certain_before(self)
        })
    }
}

/// Whether a pattern of `delete` covers a header.
pub(crate) fn covers(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        _ if pattern == "*" => true,
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => pattern == name,
    }
}
