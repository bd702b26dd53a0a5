//! Rewritten queries keep a second `=`.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "rewritten-query",
    title: "Rewritten queries keep a second `=`",
    since: Version::new(2, 11, 7),
    until: None,
    old: "`a==` becomes `a=` in a rewritten query",
    new: "`a==` stays",
    remedy: "",
    second_fact: Some("clients send values that end with `=`, such as Base64"),
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("rewrite") {
        let has_query = handler.at("uri").as_str().is_some_and(|uri| uri.contains('?'));
        if has_query || handler.at("query").is_object() {
            found.push(subject.handler(handler));
        }
    }
}
