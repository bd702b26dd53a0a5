//! A header with `.` replaces one with `-` that Caddy deleted or set.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "GHSA-49wc-4hcv-v58q",
    aliases: &[],
    title: "A header with `.` replaces one with `-` that Caddy deleted or set",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: Some("the backend is PHP, which reads `.` in header names as `_`"),
    absent: "no request header with `-` in its name is deleted or set before a proxy, or its spelling with `.` is deleted",
    witness: "client sends `Remote.User: admin`: FastCGI gets `HTTP_REMOTE.USER=admin`; a repaired version drops the header",
    remedy: "delete the spelling with `.` in the same `route`, before the login: `request_header -Remote.User`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in subject.handlers.named("reverse_proxy") {
        let mut around = proxy.before();
        around.push(proxy);
        let is_open = |name: &str| name.contains('-') && !proxy.is_cleared(&name.replace('-', "."));
        let changed = around.iter().any(|handler| {
            let names = handler.sets().into_iter().map(|(name, _)| name).chain(handler.deletes());
            names.filter(|name| !name.contains('*') && !DEFAULTS.contains(name)).any(is_open)
        });
        if changed {
            found.push(subject.handler(proxy));
        }
    }
}

/// What `forward_auth` sends to the login server by itself.
const DEFAULTS: &[&str] = &["X-Forwarded-Method", "X-Forwarded-Uri"];
