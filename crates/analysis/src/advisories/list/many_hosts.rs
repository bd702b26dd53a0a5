//! A `host` matcher with more than 100 names compares them by case.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27588",
    aliases: &["GHSA-x76f-jf84-rqj8"],
    title: "A `host` matcher with more than 100 names compares them by case",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: None,
    absent: "no `host` matcher has more than 100 names",
    witness: "`Host: H001.TEST`: another site responds, such as a catch-all with 200; a repaired version refuses with 403",
    remedy: "split the list into several of at most 100 names",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, _) in subject.handlers.matchers("host").filter(|(_, matcher)| matcher.texts().count() > 100) {
        found.push(subject.pointer(route.pointer()));
    }
}
