//! Of a site with `client_auth` on several ports, only one port asks for certificates.

use caddyctl_language::Version;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::lint::Directive;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "client-auth-two-ports",
    aliases: &[],
    title: "Of a site with `client_auth` on several ports, only one port asks for certificates",
    repaired: Repaired::Adapter,
    first: None,
    fixed_in: Some(Version::new(2, 11, 8)),
    second_fact: None,
    absent: "no site with `client_auth` has different names on several ports",
    witness: "client without a certificate on the first port: 200; a repaired version refuses the handshake",
    remedy: "write one site block for each name",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for site in &subject.sites {
        let mut ports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for address in
            site.addresses.iter().filter(|address| address.scheme != "http" && address.port != "80")
        {
            let port = if address.port.is_empty() { "443" } else { address.port.as_str() };
            ports.entry(port).or_default().insert(address.host.as_str());
        }
        let mut names = ports.values();
        let first = names.next();
        if names.all(|names| Some(names) == first) {
            continue;
        }
        let asks = |directive: &&Directive| directive.is("tls") && directive.line("client_auth").is_some();
        found.extend(site.directives.iter().filter(asks).map(|directive| subject.word(directive.name.span)));
    }
    if subject.is_compiled() {
        return;
    }
    for server in subject.handlers.servers() {
        let hosts: BTreeSet<&str> = subject
            .handlers
            .matchers("host")
            .filter(|(route, _)| route.of_server().pointer() == server.pointer())
            .flat_map(|(_, matcher)| matcher.texts().collect::<Vec<_>>())
            .collect();
        let policies =
            server.value().get("tls_connection_policies").and_then(Value::as_array).into_iter().flatten();
        for (number, policy) in policies.enumerate() {
            let names = policy.pointer("/match/sni").and_then(Value::as_array).into_iter().flatten();
            let mut names = names.filter_map(Value::as_str);
            if policy.get("client_authentication").is_some() && names.any(|name| !hosts.contains(name)) {
                found.push(subject.pointer(format!("{}/tls_connection_policies/{number}", server.pointer())));
            }
        }
    }
}
