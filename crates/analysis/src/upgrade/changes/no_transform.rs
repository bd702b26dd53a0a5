//! A client's `Cache-Control: no-transform` switches `encode` off.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "encode-no-transform",
    title: "A client's `Cache-Control: no-transform` switches `encode` off",
    since: Version::new(2, 8, 4),
    until: Some(Version::new(2, 11, 8)),
    old: "`encode` compresses in spite of it",
    new: "`encode` does not compress",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("encode").map(|handler| subject.handler(handler)));
}
