//! Two files can have the same `ETag`.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "file-server-equal-etags",
    aliases: &[],
    title: "Two files can have the same ETag",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: Some("a cache keeps files of this server"),
    absent: "the configuration has no file server",
    witness: "not tried here",
    remedy: "no remedy by configuration is known",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("file_server").map(|handler| subject.handler(handler)));
}
