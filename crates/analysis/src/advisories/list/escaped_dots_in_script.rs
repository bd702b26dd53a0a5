//! A path with escaped dots leads `FastCGI` past a rule for a path with `%`.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "fastcgi-escaped-dots",
    aliases: &[],
    title: "A path with escaped dots leads FastCGI past a rule for a path with `%`",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 9)),
    second_fact: None,
    absent: "no FastCGI proxy without a check for the file is next to a rule for a path with `%`",
    witness: "`/x/%2e%2e/admin%2ephp`: the script is `/x/../admin.php`, with Caddy 2.11.8 `/admin.php`; a repaired version responds 400",
    remedy: "write the paths of rules decoded",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let path_rules = rules::PathRules::of(&subject.handlers);
    for proxy in rules::fastcgi(&subject.handlers) {
        let is_checked = proxy.before().into_iter().any(rules::rewrites_to_file);
        if !is_checked && path_rules.has(proxy.route(), |path| path.contains('%')) {
            found.push(subject.handler(proxy));
        }
    }
}
