//! `{labels.N}` is in lower case.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::handlers::scalar_texts;
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "host-labels-case",
    title: "`{labels.N}` is in lower case",
    since: Version::new(2, 11, 1),
    until: None,
    old: "`{http.request.host.labels.*}` is as the client wrote it",
    new: "it is in lower case",
    remedy: "",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all() {
        let own = super::own(handler.value());
        if scalar_texts(&own).iter().any(|text| text.contains("{http.request.host.labels.")) {
            found.push(subject.handler(handler));
        }
    }
}
