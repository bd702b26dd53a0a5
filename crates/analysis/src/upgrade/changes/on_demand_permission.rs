//! On-demand TLS without a permission is refused.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "on-demand-permission",
    title: "On-demand TLS without a permission is refused",
    since: Version::new(2, 7, 0),
    until: None,
    old: "Caddy starts and gets a certificate for any name that a client asks for",
    new: "Caddy does not start: on-demand TLS needs a permission",
    remedy: "add the global option `on_demand_tls`, with a line such as `ask http://localhost:5555/allowed` in its block",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    let on_demand = subject.at("/apps/tls/automation/on_demand");
    if on_demand.get("ask").is_some() || on_demand.get("permission").is_some() {
        return;
    }
    for (number, policy) in
        subject.at("/apps/tls/automation/policies").as_array().into_iter().flatten().enumerate()
    {
        let is_internal = |issuer: &Value| issuer.get("module").and_then(Value::as_str) == Some("internal");
        let issuers = policy.get("issuers").and_then(Value::as_array);
        let all_internal =
            issuers.is_some_and(|issuers| !issuers.is_empty() && issuers.iter().all(is_internal));
        // Names that are listed are bounded, and managers have their own certificates.
        let is_open = |name: &Value| name.as_str().is_some_and(|name| name.contains('*'));
        let subjects =
            policy.get("subjects").and_then(Value::as_array).filter(|subjects| !subjects.is_empty());
        let is_bounded = subjects.is_some_and(|subjects| !subjects.iter().any(is_open));
        let has_managers = policy.get("get_certificate").is_some();
        if policy.get("on_demand") == Some(&Value::Bool(true))
            && !all_internal
            && !is_bounded
            && !has_managers
        {
            found.push(subject.pointer(format!("/apps/tls/automation/policies/{number}")));
        }
    }
}
