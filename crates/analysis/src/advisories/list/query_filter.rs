//! The log filter `query` leaves tokens in malformed addresses.

use caddyctl_language::Version;
use serde_json::Value;

use caddyctl_language::config::pointer::escape;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "log-query-filter",
    aliases: &[],
    title: "The log filter `query` leaves tokens in malformed addresses",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: Some("somebody else reads the logs"),
    absent: "no log has the filter `query`",
    witness: "`/?a=1#&token=S`: the token is in the log; in a repaired version it is replaced. The action `hash` writes one constant before 2.11.7",
    remedy: "use the filter `regexp`",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let logs = subject.at("/logging/logs").as_object().into_iter().flatten();
    for (name, log) in logs {
        let mut next = vec![log];
        while let Some(value) = next.pop() {
            if value.get("filter").and_then(Value::as_str) == Some("query") {
                found.push(subject.pointer(format!("/logging/logs/{}", escape(name))));
                break;
            }
            next.extend(value.as_object().into_iter().flatten().map(|(_, value)| value));
            next.extend(value.as_array().into_iter().flatten());
        }
    }
}
