//! Requests without a host get status 400.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "empty-host",
    title: "Requests without a host get status 400",
    since: Version::new(2, 11, 1),
    until: None,
    old: "a request with an empty Host is answered",
    new: "HTTP/1.1 with an empty Host gets status 400; in Caddy 2.11.1 alone also HTTP/1.0 without Host",
    remedy: "let health checks send a Host",
    second_fact: Some("a client, such as a health check, sends an empty Host"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let routes = server.value().get("routes").and_then(Value::as_array).into_iter().flatten();
        let takes_any = |route: &Value| {
            let sets = route.get("match").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            sets.is_empty() || sets.iter().any(|set| set.get("host").is_none())
        };
        if let Some(number) = routes.map(takes_any).position(|takes_any| takes_any) {
            found.push(subject.pointer(format!("{}/routes/{number}", server.pointer())));
        }
    }
}
