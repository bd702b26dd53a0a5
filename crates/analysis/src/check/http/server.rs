//! One server.

use super::routes;
use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};
use crate::check::tls::connection_policy;
use caddyctl_language::config::NetworkAddress;

pub(in crate::check) fn check(server: &Node, http_port: i64, checker: &mut Checker) {
    protocols(server, checker);
    checker.module("http.ip_sources", "source", &server.at("trusted_proxies"));
    for (key, separator) in [("expected_underscore_headers", '_'), ("expected_dot_headers", '.')] {
        expected_headers(&server.at(key), separator, checker);
    }
    listener_wrappers(&server.at("listener_wrappers"), checker);
    checker.modules("caddy.packetconns", "wrapper", &server.at("packet_conn_wrappers"));
    if manages_certificates(server, http_port, checker) {
        host_placeholders(&server.at("routes"), checker);
    }
    routes::check(&server.at("routes"), checker);
    routes::check(&server.at("errors").at("routes"), checker);
    for (_, named) in server.at("named_routes").fields() {
        routes::route(&named, checker);
    }
    for policy in server.at("tls_connection_policies").items() {
        connection_policy::check(&policy, checker);
    }
    for (host, logger) in server.at("logs").at("logger_names").fields() {
        if caddyctl_language::go::split_host_port(host).is_some() {
            checker.report(&logger, Provision::LogHost { host: host.to_owned() });
        }
    }
}

fn protocols(server: &Node, checker: &mut Checker) {
    let protocols = server.at("listen_protocols");
    let (have, want) = (protocols.count(), server.at("listen").count());
    if !protocols.is_null() && have != want {
        checker.report(&protocols, Provision::ListenProtocols { addresses: want, lists: have });
    }
}

/// The `tls` wrapper marks where TLS stands among the others: once, and not first, since that is the default.
fn listener_wrappers(wrappers: &Node, checker: &mut Checker) {
    checker.modules("caddy.listeners", "wrapper", wrappers);
    let mut seen = false;
    for (i, wrapper) in
        wrappers.items().enumerate().filter(|(_, wrapper)| wrapper.at("wrapper").text() == "tls")
    {
        if i == 0 {
            checker.report(&wrapper, Provision::WrapperFirst);
        } else if seen {
            checker.report(&wrapper, Provision::WrapperTwice);
        }
        seen = true;
    }
}

fn expected_headers(entries: &Node, separator: char, checker: &mut Checker) {
    for entry in entries.items() {
        let name = entry.text().strip_suffix('*').unwrap_or(entry.text());
        let why = if !name.is_ascii() {
            "has a character that header names cannot have".to_owned()
        } else if name.contains('*') {
            "has a `*` that is not at its end".to_owned()
        } else if !name.contains(separator) {
            format!("has no `{separator}`")
        } else {
            continue;
        };
        checker.report(&entry, Provision::ExpectedHeader { why });
    }
}

/// Whether automatic HTTPS looks at the server's hosts.
fn manages_certificates(server: &Node, http_port: i64, checker: &mut Checker) -> bool {
    let disabled = server.at("automatic_https").at("disable").is_true();
    let mut other_port = false;
    for listen in server.at("listen").items() {
        let address = listener_address(&listen, checker);
        other_port |=
            address.is_none_or(|(first, last)| i64::from(first) != http_port || i64::from(last) != http_port);
    }
    !disabled && other_port
}

fn listener_address(listen: &Node, checker: &Checker) -> Option<(u16, u16)> {
    let Filled::Text(text) = placeholders::fill(checker, listen.text()) else { return None };
    NetworkAddress::parse(&text).ok().map(|address| (address.first, address.last))
}

/// A host that is to have a certificate must have a value.
fn host_placeholders(routes: &Node, checker: &mut Checker) {
    for route in routes.items() {
        for set in route.at("match").items() {
            for host in set.at("host").items() {
                match placeholders::fill_or_refuse_empty(checker, host.text()) {
                    Err(why) => {
                        checker.report(&host, Provision::HostUnread { why });
                    }
                    Ok(Filled::Unknown) => {
                        checker.report(&host, Machine::HostUnknown);
                    }
                    Ok(Filled::Text(_)) => {}
                }
            }
        }
    }
}
