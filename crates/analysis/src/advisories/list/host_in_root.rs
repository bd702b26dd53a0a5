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
    let is_named = |text: &str| text.contains("{http.request.host");
    let takes_any = |route: Route| {
        let hosts = |route: &Route| {
            let mut matchers =
                route.matchers().into_iter().filter(|matcher| matcher.name == "host" && !matcher.is_negated);
            matchers.any(|matcher| matcher.texts().all(|host| host != "*"))
        };
        !route.around().iter().any(hosts)
    };
    for handler in subject.handlers.all() {
        let folders = [
            handler
                .at("root")
                .as_str()
                .filter(|_| ["vars", "file_server"].iter().any(|name| handler.is(name))),
            handler.at("file_root").as_str().filter(|_| handler.is("templates")),
        ];
        if folders.into_iter().flatten().any(is_named)
            && takes_any(handler.route())
            && !refuses_hosts(subject, handler)
        {
            found.push(subject.handler(handler));
        }
    }
    for (route, matcher) in subject.handlers.matchers("file") {
        let root = matcher.value.get("root").and_then(Value::as_str);
        let tried = matcher.value.get("try_files").and_then(Value::as_array).into_iter().flatten();
        let mut all = root.into_iter().chain(tried.filter_map(Value::as_str));
        if all.any(is_named)
            && takes_any(route)
            && !route.handlers().any(|handler| refuses_hosts(subject, handler))
        {
            found.push(subject.pointer(route.pointer()));
        }
    }
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
