//! Clients of HTTP/2 exhaust the server with endless header frames.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Repaired};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2023-45288",
    aliases: &[],
    title: "Clients of HTTP/2 exhaust the server with endless header frames",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 8, 0)),
    second_fact: None,
    absent: "",
    witness: "not tried here; by the published fix of the library",
    remedy: "no remedy by configuration is known",
    dated: "2026-11-30",
    edits: None,
    check: Check::Version,
};
