//! With HTTP/1.1 alone, sites with `client_auth` get status 421.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "client-auth-http1",
    title: "With HTTP/1.1 alone, sites with `client_auth` get status 421",
    since: Version::new(2, 10, 2),
    until: Some(Version::new(2, 11, 1)),
    old: "clients with a certificate get in",
    new: "each request gets status 421",
    remedy: "add `h2` to `protocols` in the option `servers`, or skip Caddy 2.10.2",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers().filter(|server| server.texts("protocols") == ["h1"]) {
        let policies = server.value().get("tls_connection_policies").and_then(Value::as_array);
        let asks = |policy: &Value| policy.get("client_authentication").is_some();
        if policies.is_some_and(|policies| policies.iter().any(asks)) {
            found.push(subject.pointer(server.pointer()));
        }
    }
}
