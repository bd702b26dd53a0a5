//! On Windows, dots at the end of a name and short names (8.3) lead past a rule for a path.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "windows-file-names",
    aliases: &[],
    title: "On Windows, dots at the end of a name and short names (8.3) lead past a rule for a path",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 9)),
    second_fact: Some("the server runs on Windows"),
    absent: "no file server is next to a rule for some paths",
    witness: "not tried here; repaired in several steps from 2.11.7 to 2.11.9",
    remedy: "keep what must not be served outside of the root",
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
