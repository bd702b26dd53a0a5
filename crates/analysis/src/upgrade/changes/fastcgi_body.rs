//! A request body without a length is read as a whole before `FastCGI` gets it.

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "fastcgi-unknown-length",
    title: "A request body without a length is read as a whole before FastCGI gets it",
    since: Version::new(2, 9, 0),
    until: None,
    old: "FastCGI gets a body of unknown length (chunked) at once, without CONTENT_LENGTH",
    new: "Caddy buffers the body; Caddy 2.9.0 alone refuses such requests with status 411",
    remedy: "",
    second_fact: None,
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(rules::fastcgi(&subject.handlers).map(|handler| subject.handler(handler)));
}
