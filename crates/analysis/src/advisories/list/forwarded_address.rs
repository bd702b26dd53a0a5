//! A `remote_ip` matcher with `forwarded` takes the address that the client writes.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "remote-ip-forwarded",
    aliases: &[],
    title: "A `remote_ip` matcher with `forwarded` takes the address that the client writes",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 8, 4)),
    second_fact: None,
    absent: "no `remote_ip` matcher has `forwarded`, which Caddy 2.8 removed",
    witness: "client sends `X-Forwarded-For: 10.1.1.1`: 200",
    remedy: "from Caddy 2.7 on: the option `trusted_proxies` and the matcher `client_ip`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, matcher) in subject.handlers.matchers("remote_ip") {
        if matcher.value.get("forwarded") == Some(&Value::Bool(true)) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
