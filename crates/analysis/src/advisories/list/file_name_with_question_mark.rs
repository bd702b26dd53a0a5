//! A file name with `?` or `%` becomes a query or an escape after `try_files`.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "try-files-name",
    aliases: &[],
    title: "A file name with `?` or `%` becomes a query or an escape after `try_files`",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 3)),
    second_fact: Some("the folder has files with `?` or `%` in their names"),
    absent: "no `rewrite` leads to the file that `try_files` found",
    witness: "file `q?admin=1.txt`: the upstream gets `/q` with the query `admin=1.txt`; from a repaired version `/q%3Fadmin=1.txt`",
    remedy: "do not allow such names",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let rewrites = subject.handlers.all().filter(|handler| {
        rules::target(*handler).is_some_and(|uri| uri.contains("{http.matchers.file.relative}"))
    });
    found.extend(rewrites.map(|handler| subject.handler(handler)));
}
