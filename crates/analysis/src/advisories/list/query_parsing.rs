//! Queries with very many parameters exhaust the memory.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Repaired};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2025-61726",
    aliases: &[],
    title: "Queries with very many parameters exhaust the memory",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 0)),
    second_fact: None,
    absent: "",
    witness: "not tried here; by the published fix of the library",
    remedy: "no remedy by configuration is known",
    dated: "2026-11-30",
    edits: None,
    check: Check::Version,
};
