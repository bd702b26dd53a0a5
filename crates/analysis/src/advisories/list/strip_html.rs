//! The template function `stripHTML` leaves tags.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "GHSA-vcc4-2c75-vc9v",
    aliases: &[],
    title: "The template function `stripHTML` leaves tags",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 4)),
    second_fact: Some("a template calls `stripHTML` with what others write"),
    absent: "the configuration has no `templates`",
    witness: "`<<>img src=x onerror=alert(1)>`: a tag; nothing is left in a repaired version",
    remedy: "use the template function `html`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    found.extend(subject.handlers.named("templates").map(|handler| subject.handler(handler)));
}
