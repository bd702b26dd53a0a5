//! A field `host` next to `:authority` becomes `HTTP_HOST` of `FastCGI`.

use super::rules;
use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "fastcgi-host-twice",
    aliases: &[],
    title: "A field `host` next to `:authority` becomes HTTP_HOST of FastCGI",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no server with HTTP/2 or HTTP/3 has a FastCGI proxy",
    witness: "HTTP/2 with `:authority a.test` and a field `host: evil.test`: HTTP_HOST is `evil.test`; a repaired version resets the stream",
    remedy: "no remedy by configuration is known; HTTP/1.1 alone (`protocols h1`) is not concerned",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in rules::fastcgi(&subject.handlers) {
        let server = proxy.route().of_server();
        if ["h2", "h3", "h2c"].iter().any(|protocol| server.speaks(protocol)) {
            found.push(subject.handler(proxy));
        }
    }
}
