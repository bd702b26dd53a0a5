//! A path below a file gets status 400.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "file-as-folder",
    title: "A path below a file gets status 400",
    since: Version::new(2, 10, 2),
    until: Some(Version::new(2, 11, 8)),
    old: "`/file/x` gets status 404",
    new: "it gets status 400",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("file_server").map(|handler| subject.handler(handler)));
}
