//! Clients send the header that the login server left out, and the backend trusts it.

use caddyctl_language::Version;
use serde_json::Value;

use crate::handlers::scalar_texts;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-30851",
    aliases: &["GHSA-7r4p-vjf4-gxv4"],
    title: "Clients send the header that the login server left out, and the backend trusts it",
    repaired: Repaired::Adapter,
    first: Some(Version::new(2, 9, 1)),
    fixed_in: Some(Version::new(2, 11, 2)),
    second_fact: None,
    absent: "no proxy copies headers of a login server into the request, or each such header is deleted first",
    witness: "the login server responds 200 without `Remote-User`, and the client sends `Remote-User: admin`: the backend gets `admin`; a repaired version sends nothing",
    remedy: "delete the header before the login, in one `route` block: first `request_header -Remote-User`, then `forward_auth` and `reverse_proxy`. Outside of `route`, `request_header` runs after the login and deletes the good value, too",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

/// What copied headers are read from.
const COPIED: &str = "{http.reverse_proxy.header.";

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all() {
        let Some(proxy) = handler.answers().filter(|_| handler.is("headers")) else { continue };
        let is_copied = |values: &Value| scalar_texts(values).iter().any(|text| text.contains(COPIED));
        let mut copied =
            handler.sets().into_iter().filter(|(_, values)| is_copied(values)).map(|(name, _)| name);
        // A repaired version writes the deletion itself, which the old program does not.
        let by_adapter = subject.directive_of(proxy) == Some("forward_auth");
        let is_open =
            |name: &str| if by_adapter { !proxy.is_cleared(name) } else { !handler.is_cleared(name) };
        if copied.any(is_open) {
            found.push(subject.handler(proxy));
        }
    }
}
