//! Clients of HTTP/3 exhaust the memory with path challenges.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2023-49295",
    aliases: &[],
    title: "Clients of HTTP/3 exhaust the memory with path challenges",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 7, 6)),
    second_fact: None,
    absent: "no server speaks HTTP/3",
    witness: "not tried here; by the published fix of the library",
    remedy: "switch HTTP/3 off: `protocols h1 h2` in the option `servers`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers().filter(|server| server.speaks("h3")) {
        found.push(subject.pointer(server.pointer()));
    }
}
