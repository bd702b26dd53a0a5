//! The default log obeys `include` and `exclude`.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "default-log-names",
    title: "The default log obeys `include` and `exclude`",
    since: Version::new(2, 10, 2),
    until: None,
    old: "the default log has everything",
    new: "it has only what `include` and `exclude` leave",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let log = subject.at("/logging/logs/default");
    if log.get("include").is_some() || log.get("exclude").is_some() {
        found.push(subject.pointer("/logging/logs/default"));
    }
}
