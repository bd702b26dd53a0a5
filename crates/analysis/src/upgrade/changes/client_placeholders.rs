//! Placeholders of the client's certificate can be empty over HTTP/3.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};
use crate::handlers::scalar_texts;
use crate::upgrade::Change;

/// The change.
pub(super) static CHANGE: Change = Change {
    name: "tls-client-placeholders",
    title: "Placeholders of the client's certificate can be empty over HTTP/3",
    since: Version::new(2, 6, 3),
    until: None,
    old: "`{http.request.tls.client.*}` has the certificate of the client",
    new: "over HTTP/3 it can be empty",
    remedy: "switch HTTP/3 off: `protocols h1 h2` in the option `servers`",
    second_fact: Some("clients with certificates use HTTP/3"),
    is_seen: false,
    check,
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for handler in subject.handlers.all().filter(|handler| handler.route().of_server().speaks("h3")) {
        let own = super::own(handler.value());
        if scalar_texts(&own).iter().any(|text| text.contains("{http.request.tls.client.")) {
            found.push(subject.handler(handler));
        }
    }
}
