//! Websites in the browser of somebody on the server can use the admin API.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-27589",
    aliases: &["GHSA-879p-475x-rqh2"],
    title: "Websites in the browser of somebody on the server can use the admin API",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 1)),
    second_fact: None,
    absent: "the admin API is off, is on a Unix socket, or has `enforce_origin`",
    witness: "GET /config/ with `Origin: http://evil.test` gets 200, in a repaired version 403; POST /load with `Sec-Fetch-Mode: no-cors` gets 200, in a repaired version 400",
    remedy: "`admin off`, a Unix socket such as `admin unix//run/caddy-admin.sock`, or `enforce_origin`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let listen = subject.at("/admin/listen").as_str().unwrap_or_default();
    let is_socket = listen.starts_with("unix/") || listen.starts_with("unix+");
    let is_enforced = subject.at("/admin/enforce_origin").as_bool().unwrap_or(false);
    if !subject.at("/admin/disabled").as_bool().unwrap_or(false) && !is_socket && !is_enforced {
        found.push(subject.pointer("/admin"));
    }
}
