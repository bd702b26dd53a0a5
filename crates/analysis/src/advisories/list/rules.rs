//! What several advisories ask of a configuration.

use std::collections::HashMap;

use serde_json::Value;

use crate::handlers::{Handler, Handlers, Matcher, Route, calls};

/// Whether a handler is a proxy to a `FastCGI` server.
pub(crate) fn is_fastcgi(handler: Handler) -> bool {
    handler.is("reverse_proxy")
        && handler.at("transport").get("protocol").and_then(Value::as_str) == Some("fastcgi")
}

/// Whether a handler is a proxy to an HTTP server.
pub(crate) fn is_http_proxy(handler: Handler) -> bool {
    handler.is("reverse_proxy") && !is_fastcgi(handler)
}

/// The proxies to `FastCGI` servers.
pub(crate) fn fastcgi<'m, 'c>(all: &'m Handlers<'c>) -> impl Iterator<Item = Handler<'m, 'c>> {
    all.all().filter(|handler| is_fastcgi(*handler))
}

/// The paths that a matcher compares: those of `path`, and those that an expression passes to `path()`.
pub(crate) fn paths(matcher: Matcher<'_>) -> Vec<&str> {
    match matcher.name {
        "path" => matcher.texts().collect(),
        "expression" => calls(expression(matcher.value), "path"),
        _ => Vec::new(),
    }
}

/// The text of an `expression` matcher.
pub(crate) fn expression(value: &Value) -> &str {
    value.as_str().or_else(|| value.get("expr")?.as_str()).unwrap_or_default()
}

/// The `uri` of a `rewrite`, without those that lead to a file that was found.
pub(crate) fn target<'c>(handler: Handler<'_, 'c>) -> Option<&'c str> {
    if handler.is("rewrite") { handler.at("uri").as_str() } else { None }
}

/// Whether a handler rewrites to the file that a `file` matcher found.
pub(crate) fn rewrites_to_file(handler: Handler) -> bool {
    target(handler).is_some_and(|uri| uri.contains("{http.matchers.file."))
}

/// A route, and the paths that it is for.
type PathRule<'m, 'c> = (Route<'m, 'c>, Vec<&'c str>);

/// Routes for some paths, by site: rules that a request can be meant to run into.
pub(crate) struct PathRules<'m, 'c> {
    by_site: HashMap<(usize, String), Vec<PathRule<'m, 'c>>>,
}

impl<'m, 'c> PathRules<'m, 'c> {
    /// Those of a configuration. What only asks for an ending and passes the request to a `FastCGI` server, and what asks for a
    /// file of the path, is none.
    pub(crate) fn of(all: &'m Handlers<'c>) -> Self {
        let mut by_site: HashMap<_, Vec<_>> = HashMap::new();
        for route in all.routes() {
            let mut entries = Vec::new();
            for matcher in route.matchers() {
                if matcher.set.get("file").is_none() {
                    entries.extend(paths(matcher));
                }
            }
            let only_passes =
                || route.handlers().all(is_fastcgi) && entries.iter().all(|entry| entry.starts_with('*'));
            if entries.is_empty() || only_passes() {
                continue;
            }
            for site in route.sites() {
                by_site.entry(site).or_default().push((route, entries.clone()));
            }
        }
        Self { by_site }
    }

    /// Whether a site of this route has a rule with such a path that runs before the route, or around it.
    pub(crate) fn has(&self, route: Route<'m, 'c>, is_meant: impl Fn(&str) -> bool) -> bool {
        let rules = route.sites();
        let mut rules = rules.iter().filter_map(|site| self.by_site.get(site)).flatten();
        rules.any(|(rule, entries)| rule.is_before(route) && entries.iter().any(|entry| is_meant(entry)))
    }
}
