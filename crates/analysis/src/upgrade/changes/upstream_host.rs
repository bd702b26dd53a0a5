//! A TLS upstream gets its own address as Host.

use serde_json::Value;

use caddyctl_language::Version;

use crate::advisories::rules;
use crate::advisories::{Place, Subject};
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "host-to-tls-upstream",
    title: "A TLS upstream gets its own address as Host",
    since: Version::new(2, 11, 1),
    until: None,
    old: "the upstream gets the Host that the client sent",
    new: "it gets the address of the upstream as Host",
    remedy: "to keep the Host of the client, write `header_up Host {host}`",
    second_fact: None,
    is_seen: true,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all().filter(|handler| rules::is_http_proxy(*handler)) {
        let sets = handler.value().pointer("/headers/request/set").and_then(Value::as_object);
        let has_host = sets.is_some_and(|sets| sets.keys().any(|name| name.eq_ignore_ascii_case("Host")));
        if handler.at("transport").get("tls").is_some() && !has_host {
            found.push(subject.handler(handler));
        }
    }
}
