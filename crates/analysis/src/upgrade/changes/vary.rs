//! Compressed responses have `Vary: Accept-Encoding`.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "encode-vary",
    title: "Compressed responses have `Vary: Accept-Encoding`",
    since: Version::new(2, 8, 4),
    until: None,
    old: "responses that `encode` or `precompressed` can compress have no `Vary`",
    new: "they have `Vary: Accept-Encoding`",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all() {
        if handler.is("encode") || (handler.is("file_server") && handler.at("precompressed").is_object()) {
            found.push(subject.handler(handler));
        }
    }
}
