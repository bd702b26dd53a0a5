//! A file server refuses other methods than GET and HEAD.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "file-server-methods",
    title: "A file server refuses other methods than GET and HEAD",
    since: Version::new(2, 8, 4),
    until: None,
    old: "POST, PUT and DELETE to a file get the file with status 200",
    new: "they get status 405",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("file_server").map(|handler| subject.handler(handler)));
}
