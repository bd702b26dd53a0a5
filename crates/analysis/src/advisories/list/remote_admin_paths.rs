//! The access control by path of the remote admin API can be evaded.

use caddyctl_language::Version;
use serde_json::Value;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "CVE-2026-45692",
    aliases: &["GHSA-gx7w-56w6-g48x"],
    title: "The access control by path of the remote admin API can be evaded",
    repaired: Repaired::JsonOnly,
    first: None,
    fixed_in: Some(Version::new(2, 11, 3)),
    second_fact: None,
    absent: "the remote admin API has no access control by path, which no Caddyfile makes",
    witness: "not tried here",
    remedy: "leave out remote administration, or allow only who may do everything",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for (number, control) in
        subject.at("/admin/remote/access_control").as_array().into_iter().flatten().enumerate()
    {
        let mut permissions = control.get("permissions").and_then(Value::as_array).into_iter().flatten();
        if permissions.any(|permission| permission.get("paths").is_some()) {
            found.push(subject.pointer(format!("/admin/remote/access_control/{number}")));
        }
    }
}
