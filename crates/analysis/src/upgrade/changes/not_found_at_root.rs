//! `try_files … =404` refuses a path that is a folder.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "try-files-root",
    title: "`try_files … =404` refuses a path that is a folder",
    since: Version::new(2, 11, 8),
    until: None,
    old: "GET `/` finds the root folder, and `/file.txt/` finds `file.txt`",
    new: "both get status 404",
    remedy: "put an index file in front, such as `try_files {path} {path}/index.html =404`",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (route, matcher) in subject.handlers.matchers("file") {
        if first_exist(matcher.value) && tried(matcher.value).last().is_some_and(|last| last.starts_with('='))
        {
            found.push(subject.pointer(route.pointer()));
        }
    }
}

/// Whether the first file counts that exists.
pub(super) fn first_exist(matcher: &Value) -> bool {
    matches!(
        matcher.get("try_policy").and_then(Value::as_str),
        None | Some("" | "first_exist" | "first_exist_fallback")
    )
}

/// What a `file` matcher tries.
pub(super) fn tried(matcher: &Value) -> Vec<&str> {
    matcher
        .get("try_files")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
