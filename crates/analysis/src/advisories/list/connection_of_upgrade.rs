//! Fields that the upstream names in Connection of a 101 response reach the client.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "upgrade-connection-fields",
    aliases: &[],
    title: "Fields that the upstream names in Connection of a 101 response reach the client",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "the configuration has no HTTP proxy",
    witness: "the upstream responds 101 with `Connection: X-Internal`: the client gets X-Internal; not from a repaired version",
    remedy: "a `header` block with the lines `defer` and `-X-Internal` helps on Caddy 2.11.4, and not on 2.6.2; `header_down` does not reach a 101 response",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let proxies = subject.handlers.all().filter(|handler| rules::is_http_proxy(*handler));
    found.extend(proxies.map(|handler| subject.handler(handler)));
}
