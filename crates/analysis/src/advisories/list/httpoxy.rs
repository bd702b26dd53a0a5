//! The header `Proxy` of a client becomes the variable `HTTP_PROXY` of `FastCGI`.

use caddyctl_language::Version;

use super::rules;
use crate::handlers::covers;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "fastcgi-proxy-header",
    aliases: &["httpoxy"],
    title: "The header `Proxy` of a client becomes the variable HTTP_PROXY of FastCGI",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no FastCGI proxy gets the header `Proxy` of clients",
    witness: "`Proxy: http://evil/`: HTTP_PROXY is set; in a repaired version it is not",
    remedy: "add `request_header -Proxy`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in rules::fastcgi(&subject.handlers) {
        let deletes = proxy.deletes().iter().any(|name| covers(name, "Proxy"));
        if !deletes && !proxy.is_cleared("Proxy") {
            found.push(subject.handler(proxy));
        }
    }
}
