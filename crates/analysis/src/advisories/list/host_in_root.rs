//! The host that a client sends leads out of the folder.

use caddyctl_language::Version;

use serde_json::Value;

use crate::handlers::{Handler, Route};

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "host-in-root",
    aliases: &[],
    title: "The host that a client sends leads out of the folder",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: None,
    absent: "no folder is made of the host in a site that takes any host",
    witness: "`Host: ..`: a file of the folder above; a repaired version responds 400. Caddy before 2.11.7 also takes `:authority a.test/../..`",
    remedy: "refuse other hosts: `@other not host a.test *.test` and `error @other 400`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all() {
        let named = [folder(handler), templates(handler)].into_iter().flatten().any(is_named);
        if named && takes_any(handler.route()) && !refuses_hosts(subject, handler) {
            found.push(subject.handler(handler));
        }
    }
    for (route, matcher) in subject.handlers.matchers("file") {
        let is_refused = |handler| refuses_hosts(subject, handler);
        if tried(matcher.value).into_iter().any(is_named)
            && takes_any(route)
            && !route.handlers().any(is_refused)
        {
            found.push(subject.pointer(route.pointer()));
        }
    }
}

fn is_named(text: &str) -> bool {
    text.contains("{http.request.host")
}

/// Whether a route gets requests for any host.
fn takes_any(route: Route) -> bool {
    let is_for_some = |route: &Route| {
        let mut hosts =
            route.matchers().into_iter().filter(|matcher| matcher.name == "host" && !matcher.is_negated);
        hosts.any(|matcher| matcher.texts().all(|host| host != "*"))
    };
    !route.around().iter().any(is_for_some)
}

/// The root that a handler sets or uses.
fn folder<'c>(handler: Handler<'_, 'c>) -> Option<&'c str> {
    let has_root = handler.is("vars") || handler.is("file_server");
    handler.at("root").as_str().filter(|_| has_root)
}

/// The root of templates.
fn templates<'c>(handler: Handler<'_, 'c>) -> Option<&'c str> {
    handler.at("file_root").as_str().filter(|_| handler.is("templates"))
}

/// The root and the paths of a `file` matcher.
fn tried(matcher: &Value) -> Vec<&str> {
    let tried = matcher.get("try_files").and_then(Value::as_array).into_iter().flatten();
    matcher.get("root").into_iter().chain(tried).filter_map(Value::as_str).collect()
}

/// Whether the site refuses hosts that are not in a list.
fn refuses_hosts(subject: &Subject, handler: Handler) -> bool {
    let sites = handler.route().sites();
    subject.handlers.all().any(|other| {
        (other.is("error") || other.is("static_response"))
            && other.route().matchers().iter().any(|matcher| matcher.name == "host" && matcher.is_negated)
            && other.route().sites().iter().any(|site| sites.contains(site))
    })
}
