//! `FastCGI` gets `SERVER_ADDR`.

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "fastcgi-server-addr",
    title: "FastCGI gets SERVER_ADDR",
    since: Version::new(2, 11, 7),
    until: None,
    old: "SERVER_ADDR is not set",
    new: "SERVER_ADDR is the address that the client connected to",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(rules::fastcgi(&subject.handlers).map(|handler| subject.handler(handler)));
}
