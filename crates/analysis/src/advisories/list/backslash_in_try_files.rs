//! A backslash in the path leads `try_files` past a rule for a path.

use caddyctl_language::Version;
use serde_json::Value;

use super::rules;
use crate::handlers::is_client;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27585",
    aliases: &["GHSA-4xrr-hq4w-6vf4"],
    title: "A backslash in the path leads `try_files` past a rule for a path",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: Some("the folder has a file behind the rule"),
    absent: "no `file` matcher tries a path that the client sends, next to a rule for some paths",
    witness: "`/private/*` is denied, then `try_files` and `file_server`: GET `/priv\\ate/secret.txt` gets the file; a repaired version responds 404",
    remedy: "refuse backslashes first: `@backslash path_regexp \\\\` and `error @backslash 400`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let path_rules = rules::PathRules::of(&subject.handlers);
    for (route, matcher) in subject.handlers.matchers("file") {
        let tried = matcher.value.get("try_files").and_then(Value::as_array).into_iter().flatten();
        let mut tried = tried.filter_map(Value::as_str);
        if tried.any(|text| is_client(&subject.handlers, text)) && path_rules.has(route, |_| true) {
            found.push(subject.pointer(route.pointer()));
        }
    }
}
