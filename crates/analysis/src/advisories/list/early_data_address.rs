//! The address of a request in early data of HTTP/3 is not verified when a matcher reads it.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "early-data-address",
    aliases: &[],
    title: "The address of a request in early data of HTTP/3 is not verified when a matcher reads it",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 9, 0)),
    second_fact: None,
    absent: "no server with HTTP/3 has a `remote_ip` or `client_ip` matcher",
    witness: "not tried here",
    remedy: "switch HTTP/3 off: `protocols h1 h2`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for name in ["remote_ip", "client_ip"] {
        for (route, _) in subject.handlers.matchers(name) {
            if route.of_server().speaks("h3") {
                found.push(subject.pointer(route.pointer()));
            }
        }
    }
}
