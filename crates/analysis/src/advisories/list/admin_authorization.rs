//! The header Authorization of requests to the admin API is in the log.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "admin-log-authorization",
    aliases: &[],
    title: "The header Authorization of requests to the admin API is in the log",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 3)),
    second_fact: Some("a client of the admin API sends credentials, and somebody else reads the logs"),
    absent: "the admin API is off, or the default log excludes it",
    witness: "request with `Authorization`: in the log; a repaired version writes `REDACTED`",
    remedy: "the line `exclude admin.api` in the block of the option `log default` from 2.10.2 on; Caddy 2.6.2 and 2.8.4 ignore it. Otherwise `admin off`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let excluded = subject.at("/logging/logs/default/exclude").as_array().into_iter().flatten();
    let mut excluded = excluded.filter_map(Value::as_str);
    if !subject.at("/admin/disabled").as_bool().unwrap_or(false)
        && !excluded.any(|name| matches!(name, "admin" | "admin.api"))
    {
        found.push(subject.pointer("/admin"));
    }
}
