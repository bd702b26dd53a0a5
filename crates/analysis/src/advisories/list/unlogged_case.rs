//! Requests whose Host is in capitals are not in the access log.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "log-host-case",
    aliases: &[],
    title: "Requests whose Host is in capitals are not in the access log",
    repaired: Repaired::Server,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: Some("somebody relies on the access log"),
    absent: "no server has a log for some hosts only",
    witness: "`Host: A.TEST`: not in the access log; in a repaired version it is",
    remedy: "log all hosts",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for server in subject.handlers.servers() {
        let logs = server.value().get("logs");
        let names = logs.and_then(|logs| logs.get("logger_names")).and_then(Value::as_object);
        let skips = logs.and_then(|logs| logs.get("skip_unmapped_hosts")) == Some(&Value::Bool(true));
        if skips || names.is_some_and(|names| !names.is_empty()) {
            found.push(subject.pointer(format!("{}/logs", server.pointer())));
        }
    }
}
