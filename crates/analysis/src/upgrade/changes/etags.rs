//! Files have other `ETags`.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "file-server-etags",
    title: "Files have other ETags",
    since: Version::new(2, 11, 7),
    until: None,
    old: "caches have the old ETags",
    new: "each file is fetched once more",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("file_server").map(|handler| subject.handler(handler)));
}
