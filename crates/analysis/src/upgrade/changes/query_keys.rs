//! All keys of a `query` matcher must match.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "query-all-keys",
    title: "All keys of a `query` matcher must match",
    since: Version::new(2, 8, 4),
    until: None,
    old: "one of several keys is enough",
    new: "a request must have all of them",
    remedy: "write one matcher for each key, and combine them with `expression` or several matcher lines",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, matcher) in subject.handlers.matchers("query") {
        if matcher.value.as_object().is_some_and(|keys| keys.len() > 1) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
