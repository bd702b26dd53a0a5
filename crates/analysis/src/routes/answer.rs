//! Which handlers answer a request, and which pass it on.

use rustc_hash::FxHashMap;

use serde_json::Value;

use caddyctl_language::source::secrets::UNREAD;
use caddyctl_language::spec::{Answer, Changes, HandlerModule};
use caddyctl_language::{directives, plugins};

/// The `handler` of a handler.
pub(crate) fn name(handler: &Value) -> &str {
    handler.get("handler").and_then(Value::as_str).unwrap_or("")
}

/// What is declared of a handler; `None` if it is none of the stock build, or a plugin decides what it does.
fn declared(handler: &Value) -> Option<&'static HandlerModule> {
    directives::handler(name(handler)).filter(|_| handler.get(UNREAD).is_none())
}

/// Whether a handler has this setting.
fn has(handler: &Value, setting: &str) -> bool {
    !matches!(handler.get(setting), None | Some(Value::Null | Value::Bool(false)))
}

/// How a handler, which is not one of those that hold routes, ends a request.
pub(crate) fn ends(handler: &Value) -> Answer {
    match declared(handler) {
        Some(known) if has(handler, known.unless) => known.answers.min(Answer::Sometimes),
        Some(known) => known.answers,
        None => Answer::Sometimes,
    }
}

/// What a handler changes for those that run after it.
pub(crate) fn changes(handler: &Value) -> Changes {
    declared(handler).map_or(Changes::Anything, |known| known.changes)
}

/// Whether a handler can change what later `path`, `query` or `method` matchers see.
pub(crate) fn rewrites(handler: &Value) -> bool {
    match changes(handler) {
        Changes::Nothing | Changes::Body => false,
        Changes::Headers(setting) => has(handler, setting),
        Changes::Path | Changes::Variables | Changes::Anything => true,
    }
}

/// Whether a handler can change the path or the method that later matchers see.
pub(crate) fn rewrites_path(handler: &Value) -> bool {
    matches!(changes(handler), Changes::Path | Changes::Anything)
}

/// Whether a handler turns away requests that do not show who they are from, and lets the others pass.
pub(crate) fn guards(handler: &Value) -> bool {
    if let Some(known) = declared(handler) {
        return known.guards && (known.unless.is_empty() || has(handler, known.unless));
    }
    let name = name(handler);
    if let Some(what) = plugins::guards(name) {
        return !what.is_empty();
    }
    // Of other plugins only the names of the handlers are known.
    let words = ["auth", "jwt", "security", "crowdsec", "coraza", "waf", "rate_limit"];
    words.iter().any(|word| name.contains(word))
}

/// Whether every request that matches this route is answered by it.
pub(crate) fn route_answers(route: &Value) -> bool {
    Answers::default().route(route)
}

/// Which routes answer every request that matches them. Each is looked at once: who asked for each block about all
/// blocks in it took the square of their depth.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// What is known of routes, by where they lie in memory.
    known: FxHashMap<*const Value, bool>,
}

impl Answers {
    /// Whether every request that matches this route is answered by it. All routes that are asked about must live as long
    /// as this does.
    pub(crate) fn route(&mut self, route: &Value) -> bool {
        if let Some(known) = self.known.get(&std::ptr::from_ref(route)) {
            return *known;
        }
        let handlers = route.get("handle").and_then(Value::as_array);
        let answers =
            handlers.into_iter().flatten().any(|handler| match (name(handler), handler.get("routes")) {
                ("subroute", Some(Value::Array(routes))) => self.list(routes),
                _ => ends(handler) == Answer::Always,
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
