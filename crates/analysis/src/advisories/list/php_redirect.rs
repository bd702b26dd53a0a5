//! The redirect of `php_fastcgi` to a folder leads to another host.

use caddyctl_language::Version;

use crate::handlers::scalar_texts;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "php-redirect-host",
    aliases: &[],
    title: "The redirect of `php_fastcgi` to a folder leads to another host",
    repaired: Repaired::Adapter,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: None,
    absent: "no redirect with status 308 appends to the path that the client sent",
    witness: "`/%2Fevil.com%2F..%2Fsub` (folder `sub` with index.php): `Location: //evil.com/../sub/`; in a repaired version `./%2Fevil…/`",
    remedy: "`@other expression {http.request.orig_uri}.matches(\"^/(/|%2[fF])\")` and `error @other 400`. JSON of Caddy 2.11.8 does not help: older servers do not know its placeholder",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.named("static_response") {
        let status = handler.at("status_code");
        let is_308 = status.as_u64() == Some(308) || status.as_str() == Some("308");
        let headers = handler.at("headers").as_object().into_iter().flatten();
        let mut targets = headers
            .filter(|(name, _)| name.eq_ignore_ascii_case("Location"))
            .flat_map(|(_, values)| scalar_texts(values));
        // A repaired version compiles `php_fastcgi` to another placeholder, which the old program does not.
        let is_meant = |target: &str| {
            target.starts_with("{http.request.orig_uri.path}/")
                || (subject.is_compiled() && target.contains("{http.request.orig_uri.path.file_escaped}"))
        };
        if is_308 && targets.any(is_meant) {
            found.push(subject.handler(handler));
        }
    }
}
