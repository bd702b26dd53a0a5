//! Servers from Caddy's JSON or a compiled Caddyfile.

use serde_json::Value;

use caddyctl_language::config::pointer::escape;
use caddyctl_language::config::{Document, NetworkAddress, Trace};

use super::decode::{Raw, route};
use super::fields::Json;
use super::redirects;
use super::server::{ConnectionPolicy, Listen, Program, Server, Top};
use crate::requests::ranges::{PRIVATE, Range};
use crate::routes::server::Config;

impl<'c> Program<'c> {
    /// The program of a configuration. Routes are decoded when requests reach them.
    pub fn new(config: Config<'c>) -> Self {
        let http = config.value.at("apps").at("http");
        let port = |name: &str, default: u16| match u16::try_from(http.number(name)) {
            Ok(port) if port > 0 => port,
            _ => default,
        };
        let mut program =
            Self { http_port: port("http_port", 80), https_port: port("https_port", 443), ..Self::default() };
        let servers = http.at("servers").as_object();
        for (name, value) in servers.into_iter().flatten() {
            let server = server(name, value, config.document, program.https_port);
            program.servers.push(server);
        }
        let tls = config.value.at("apps").at("tls");
        redirects::prepare(&mut program, http.at("servers"), tls);
        program
    }
}

fn server<'c>(name: &str, value: &'c Value, document: Option<&'c Document>, https_port: u16) -> Server<'c> {
    let pointer = format!("/apps/http/servers/{}", escape(name));
    let compiled = document.and_then(|document| document.apps.http.as_ref()?.servers.get(name));
    let trace = document
        .map(|document| ["apps", "http", "servers", name].into_iter().fold(Trace::of(document), Trace::step));
    let (mut top, mut errors) = (Top::default(), Top::default());
    if let (Some(server), Some(trace)) = (compiled, trace) {
        let handled = server.errors.as_ref().map_or(&[][..], |errors| &errors.routes);
        let below = trace.step("errors").step("routes");
        for (list, routes, trace, key) in [
            (&mut top, &server.routes[..], trace.step("routes"), "routes"),
            (&mut errors, handled, below, "errors/routes"),
        ] {
            for (number, route) in routes.iter().enumerate() {
                let key = format!("{pointer}/{key}/{number}");
                list.push(Raw::Compiled(route, trace.step(&number.to_string())), key);
            }
        }
    } else {
        for (number, route) in value.list("routes").iter().enumerate() {
            top.push(Raw::Json(route), format!("{pointer}/routes/{number}"));
        }
        for (number, route) in value.at("errors").list("routes").iter().enumerate() {
            errors.push(Raw::Json(route), format!("{pointer}/errors/routes/{number}"));
        }
    }
    let named = value.pairs("named_routes").into_iter().map(|(name, value)| {
        let pointer = format!("{pointer}/named_routes/{}", escape(name));
        (name.to_owned(), route(value, &pointer, trace.map(|trace| trace.step("named_routes").step(name))))
    });
    let mut listen: Vec<Listen> = value.texts("listen").iter().filter_map(|text| address(text)).collect();
    if listen.is_empty() {
        listen.extend(address(&format!(":{https_port}")));
    }
    let policies: Option<Vec<ConnectionPolicy>> =
        value.at("tls_connection_policies").as_array().map(|list| list.iter().map(policy).collect());
    let wants_client = policies.iter().flatten().any(|policy| policy.has_client_auth);
    let headers = value.texts("client_ip_headers");
    let protocols = value.texts("protocols");
    Server {
        name: name.to_owned(),
        listen,
        top,
        errors,
        named: named.collect(),
        policies,
        redirects_plain: value
            .list("listener_wrappers")
            .iter()
            .any(|one| one.text("wrapper") == "http_redirect"),
        trusted: trusted(value.at("trusted_proxies")),
        is_trusted_strict: value.number("trusted_proxies_strict") > 0,
        client_ip_headers: if headers.is_empty() { vec!["X-Forwarded-For".to_owned()] } else { headers },
        strict_sni: value.at("strict_sni_host").as_bool().unwrap_or(wants_client),
        underscore: value.texts("expected_underscore_headers"),
        dots: value.texts("expected_dot_headers"),
        speaks_http1: protocols.is_empty() || protocols.iter().any(|name| name == "h1"),
    }
}

/// A listener's address; `None` for sockets and descriptors.
fn address(text: &str) -> Option<Listen> {
    let address = NetworkAddress::parse(text).ok()?;
    if address.is_portless() {
        return None;
    }
    Some(Listen {
        network: address.network.clone(),
        host: address.host.clone(),
        first: address.first,
        last: address.last,
    })
}

fn trusted(value: &Value) -> Vec<Range> {
    let mut ranges = Vec::new();
    for text in value.texts("ranges") {
        if text == "private_ranges" {
            ranges.extend(PRIVATE.iter().filter_map(|text| Range::parse(text)));
        } else {
            ranges.extend(Range::parse(&text));
        }
    }
    ranges
}

fn policy(value: &Value) -> ConnectionPolicy {
    let asks = value.at("match");
    let client = value.at("client_authentication");
    let is_set = |name: &str| !client.at(name).is_null();
    let has_client_auth = client.is_object()
        && [
            "ca",
            "trusted_ca_certs",
            "trusted_ca_certs_pem_files",
            "trusted_leaf_certs",
            "verifiers",
            "mode",
        ]
        .into_iter()
        .any(is_set);
    ConnectionPolicy {
        names: asks.get("sni").map(|_| asks.texts("sni")),
        is_undecided: asks.as_object().is_some_and(|asks| asks.keys().any(|name| name != "sni")),
        drop: value.flag("drop"),
        has_client_auth,
        wants_client: has_client_auth
            && !matches!(client.text("mode").as_str(), "request" | "verify_if_given"),
        default_sni: value.text("default_sni"),
        fallback_sni: value.text("fallback_sni"),
    }
}
