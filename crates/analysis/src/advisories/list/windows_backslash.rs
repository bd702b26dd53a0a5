//! On Windows, `%5c` leads past a rule for a path.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-52844",
    aliases: &["GHSA-qrp7-cvwr-j2c6"],
    title: "On Windows, `%5c` leads past a rule for a path",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 4)),
    second_fact: Some("the server runs on Windows"),
    absent: "no file server is next to a rule for some paths",
    witness: "not tried here; by the published advisory, GET with `%5c` in place of a slash passes the rule",
    remedy: "refuse `%5c`: `@backslash path_regexp \\\\` and `error @backslash 400`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let path_rules = rules::PathRules::of(&subject.handlers);
    for handler in subject.handlers.named("file_server") {
        if path_rules.has(handler.route(), |_| true) {
            found.push(subject.handler(handler));
        }
    }
}
