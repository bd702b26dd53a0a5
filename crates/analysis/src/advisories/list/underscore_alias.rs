//! A header with `_` replaces one with `-` that Caddy deleted or set.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-52845",
    aliases: &["GHSA-f59h-q822-g45g"],
    title: "A header with `_` replaces one with `-` that Caddy deleted or set",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 4)),
    second_fact: Some(
        "the backend reads `_` and `-` in header names as the same letter, as CGI, PHP, Python (WSGI) and Ruby do",
    ),
    absent: "no request header with `-` in its name is deleted or set before a proxy, or all its spellings with `_` are deleted",
    witness: "client sends `Remote_User: admin`: FastCGI gets `HTTP_REMOTE_USER=admin`; a repaired version drops the header",
    remedy: "delete each spelling with `_` in the same `route`, before the login: `request_header -Remote_User`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for proxy in subject.handlers.named("reverse_proxy") {
        let mut around = proxy.before();
        around.push(proxy);
        let is_open =
            |name: &str| name.contains('-') && !spellings(name).iter().all(|alias| proxy.is_cleared(alias));
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

/// The names that have `_` for at least one `-`. Of a name with many, only the one with all of them.
fn spellings(name: &str) -> Vec<String> {
    let dashes: Vec<usize> = name.match_indices('-').map(|(at, _)| at).collect();
    if dashes.len() > 6 {
        return vec![name.replace('-', "_")];
    }
    let with = |choice: u32| {
        let mut bytes = name.to_owned().into_bytes();
        for (bit, at) in dashes.iter().enumerate() {
            if choice & (1 << bit) != 0 {
                bytes[*at] = b'_';
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    (1..1u32 << dashes.len()).map(with).collect()
}
