//! A path with `..` behind a script leads `FastCGI` past a rule for a path.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "fastcgi-dots",
    aliases: &[],
    title: "A path with `..` behind a script leads FastCGI past a rule for a path",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: None,
    absent: "no FastCGI proxy without a check for the file is next to a rule for some paths",
    witness: "`/admin.php*` is denied, and GET `/admin.php/../../other.php`: SCRIPT_NAME is `/admin.php`; in a repaired version `/other.php`",
    remedy: "refuse such paths: `@dots expression {http.request.uri.path}.contains(\"/../\")` and `error @dots 400`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let path_rules = rules::PathRules::of(&subject.handlers);
    for proxy in rules::fastcgi(&subject.handlers) {
        let is_checked = proxy.before().into_iter().any(rules::rewrites_to_file);
        if !is_checked && path_rules.has(proxy.route(), |_| true) {
            found.push(subject.handler(proxy));
        }
    }
}
