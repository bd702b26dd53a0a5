//! Which handlers answer a request, and which pass it on.

use rustc_hash::FxHashMap;

use serde_json::Value;

/// Whether a handler ends the way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// It passes every request on.
    Never,
    /// It answers some requests (a login that fails) and passes others on, or nothing is known of it.
    Sometimes,
    /// It answers, or raises an error, for every request.
    Always,
}

/// The `handler` of a handler.
pub fn name(handler: &Value) -> &str {
    handler.get("handler").and_then(Value::as_str).unwrap_or("")
}

/// How a handler, which is not one of those that hold routes, ends a request.
pub fn ends(handler: &Value) -> Ends {
    match name(handler) {
        "static_response" | "error" | "metrics" | "copy_response" => Ends::Always,
        "file_server" if handler.get("pass_thru").and_then(Value::as_bool) != Some(true) => Ends::Always,
        "reverse_proxy" if handler.get("handle_response").is_none() => Ends::Always,
        "vars"
        | "map"
        | "headers"
        | "rewrite"
        | "encode"
        | "templates"
        | "request_body"
        | "push"
        | "tracing"
        | "log_append"
        | "intercept"
        | "copy_response_headers" => Ends::Never,
        _ => Ends::Sometimes,
    }
}

/// Whether a handler can change what later `path`, `query` or `method` matchers see.
pub fn rewrites(handler: &Value) -> bool {
    match name(handler) {
        "rewrite" | "vars" | "map" => true,
        "headers" => handler.get("request").is_some(),
        // A check against an auth server copies headers into the request.
        "reverse_proxy" => handler.get("handle_response").is_some(),
        known => !matches!(
            known,
            "static_response"
                | "error"
                | "metrics"
                | "file_server"
                | "encode"
                | "templates"
                | "request_body"
                | "push"
                | "tracing"
                | "log_append"
                | "intercept"
                | "authentication"
                | "acme_server"
                | "copy_response"
                | "copy_response_headers"
        ),
    }
}

/// Whether a handler can change the path or the method that later matchers see.
pub fn rewrites_path(handler: &Value) -> bool {
    let name = name(handler);
    name == "rewrite"
        || (rewrites(handler) && !matches!(name, "vars" | "map" | "headers" | "reverse_proxy" | "invoke"))
}

/// Whether a handler turns away requests that do not show who they are from, and lets the others pass.
pub fn guards(handler: &Value) -> bool {
    match name(handler) {
        "authentication" => true,
        "reverse_proxy" => handler.get("handle_response").is_some() && ends(handler) == Ends::Sometimes,
        name => ["auth", "jwt", "security", "crowdsec", "coraza", "waf", "rate_limit"]
            .iter()
            .any(|word| name.contains(word)),
    }
}

/// Whether every request that matches this route is answered by it.
pub fn route_answers(route: &Value) -> bool {
    Answers::default().route(route)
}

/// Which routes answer every request that matches them. Each is looked at once: who asked for each block about all
/// blocks in it took the square of their depth.
#[derive(Debug, Default)]
pub struct Answers {
    /// What is known of routes, by where they lie in memory.
    known: FxHashMap<*const Value, bool>,
}

impl Answers {
    /// Whether every request that matches this route is answered by it. All routes that are asked about must live as long
    /// as this does.
    pub fn route(&mut self, route: &Value) -> bool {
        if let Some(known) = self.known.get(&std::ptr::from_ref(route)) {
            return *known;
        }
        let handlers = route.get("handle").and_then(Value::as_array);
        let answers =
            handlers.into_iter().flatten().any(|handler| match (name(handler), handler.get("routes")) {
                ("subroute", Some(Value::Array(routes))) => self.list(routes),
                _ => ends(handler) == Ends::Always,
            });
        self.known.insert(std::ptr::from_ref(route), answers);
        answers
    }

    /// Whether every request that reaches this list of routes is answered by it.
    fn list(&mut self, routes: &[Value]) -> bool {
        for (index, route) in routes.iter().enumerate() {
            let answers = self.route(route);
            if route.get("match").is_some() {
                if route.get("terminal").and_then(Value::as_bool) == Some(true) && !answers {
                    return false;
                }
                continue;
            }
            if answers {
                // A member of its group that passes on takes its requests out of this route's reach.
                let group = route.get("group");
                return group.is_none()
                    || routes[..index].iter().all(|other| other.get("group") != group || self.route(other));
            }
        }
        false
    }
}
