//! Automatic HTTPS: which servers speak TLS, which names have certificates, and the redirects that Caddy adds when it loads a
//! configuration. Rules measured on Caddy 2.11.7.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fields::Json;
use super::matchers::{Matcher, MatcherSet};
use super::route::{Handler, Kind, Place, Respond, Route};
use super::server::{ConnectionPolicy, Listen, Program, Server};
use crate::check::values::hostname::can_have_certificate;

/// The name of the server that Caddy adds where no other listens on the HTTP port.
const ADDED: &str = "remaining_auto_https_redirects";

/// Adds what Caddy adds.
pub(super) fn prepare(program: &mut Program<'_>, servers: &Value, tls: &Value) {
    let (http_port, https_port) = (program.http_port, program.https_port);
    let mut redirected: BTreeMap<String, Vec<Listen>> = BTreeMap::new();
    let mut certified: BTreeSet<String> = BTreeSet::new();
    let mut present: BTreeSet<String> = tls.at("certificates").texts("automate").into_iter().collect();
    let has_files = ["load_files", "load_folders", "load_pem", "load_storage"]
        .into_iter()
        .any(|name| !tls.at("certificates").at(name).is_null());
    for server in &mut program.servers {
        let automatic = servers.at(&server.name).at("automatic_https");
        let is_on = !automatic.flag("disable") && uses_other_port(server, http_port);
        if is_on && server.policies.is_none() && !uses_other_port(server, https_port) {
            server.policies = Some(vec![ConnectionPolicy::default()]);
        }
        let skip = automatic.texts("skip");
        let domains: BTreeSet<String> = (0..server.top.len())
            .flat_map(|number| server.top.hosts(number))
            .filter(|name| !skip.contains(name))
            .collect();
        if !is_on || (domains.is_empty() && server.policies.is_none()) {
            if server.policies.is_some() && has_files {
                present.extend(domains);
            }
            continue;
        }
        let skipped = automatic.texts("skip_certificates");
        for name in domains.iter().filter(|name| can_have_certificate(name)) {
            if !automatic.flag("disable_certificates") && !skipped.contains(name) {
                certified.insert(name.clone());
            } else if has_files {
                present.insert(name.clone());
            }
        }
        server.policies.get_or_insert_with(|| vec![ConnectionPolicy::default()]);
        if automatic.flag("disable_redirects") {
            continue;
        }
        for listen in &server.listen {
            if domains.is_empty() {
                record(&mut redirected, "", listen, https_port);
            }
            for name in &domains {
                record(&mut redirected, name, listen, https_port);
            }
        }
    }
    let mut on_demand = false;
    for policy in tls.at("automation").list("policies") {
        on_demand |= policy.flag("on_demand");
    }
    add(program, &redirected, !certified.is_empty());
    present.extend(certified);
    program.certificates = present.into_iter().map(|name| name.to_lowercase()).collect();
    program.on_demand = on_demand;
    program.loads_certificates = has_files;
}

fn uses_other_port(server: &Server<'_>, port: u16) -> bool {
    server.listen.iter().any(|listen| port < listen.first || listen.last < port)
}

/// Notes that `domain` is served at `listen`. Of several ports the HTTPS port wins, otherwise the first.
fn record(redirected: &mut BTreeMap<String, Vec<Listen>>, domain: &str, listen: &Listen, https_port: u16) {
    let known = redirected.entry(domain.to_owned()).or_default();
    match known.first() {
        Some(first) if first.first != listen.first => {
            if listen.first == https_port {
                *known = vec![listen.clone()];
            }
        }
        _ if known.contains(listen) => {}
        _ => known.push(listen.clone()),
    }
}

/// Adds the redirect routes to the servers that listen on the HTTP port, or to a new one.
fn add(program: &mut Program<'_>, redirected: &BTreeMap<String, Vec<Listen>>, has_certificates: bool) {
    let (http_port, https_port) = (program.http_port, program.https_port);
    let mut by_address: BTreeMap<(String, String, u16), Vec<String>> = BTreeMap::new();
    for (domain, addresses) in redirected {
        for listen in addresses {
            let key = (listen.network.clone(), listen.host.clone(), listen.first);
            by_address.entry(key).or_default().push(domain.clone());
        }
    }
    let mut by_server: BTreeMap<(String, String), Vec<(String, Route)>> = BTreeMap::new();
    for ((network, host, port), mut domains) in by_address {
        domains.sort_by(|a, b| order(a, b));
        let is_nameless = domains.len() == 1 && domains[0].is_empty();
        let first = domains.first().cloned().unwrap_or_default();
        let hosts = if is_nameless { Vec::new() } else { domains };
        let to = if [http_port, https_port, 80, 443].contains(&port) { None } else { Some(port) };
        by_server.entry((network, host)).or_default().push((first, redirect(to, hosts)));
    }
    let mut left: Vec<(Listen, Vec<Route>)> = Vec::new();
    for ((network, host), mut routes) in by_server {
        routes.sort_by(|(a, _), (b, _)| order(a, b));
        let mut routes: Vec<Route> = routes.into_iter().map(|(_, route)| route).collect();
        let found = program.servers.iter_mut().find(|server| {
            server.listen.iter().any(|listen| {
                (listen.first..=listen.last).contains(&http_port)
                    && (listen.host == host || listen.host.is_empty() || host.is_empty())
            })
        });
        match found {
            Some(server) => {
                if has_certificates {
                    let after =
                        (0..server.top.len()).rev().find(|number| !server.top.hosts(*number).is_empty());
                    server.top.insert(after.map_or(0, |number| number + 1), routes);
                }
                server.top.insert(server.top.len(), vec![redirect(None, Vec::new())]);
            }
            None => left.push((
                Listen { network, host, first: http_port, last: http_port },
                std::mem::take(&mut routes),
            )),
        }
    }
    if left.is_empty() {
        return;
    }
    let mut server = Server {
        name: ADDED.to_owned(),
        client_ip_headers: vec!["X-Forwarded-For".to_owned()],
        speaks_http1: true,
        ..Server::default()
    };
    for (listen, routes) in left {
        server.listen.push(listen);
        server.top.insert(server.top.len(), routes);
    }
    server.top.insert(server.top.len(), vec![redirect(None, Vec::new())]);
    program.servers.push(server);
}

/// Exact hosts before wildcards, longer ones first, and no host last.
fn order(a: &str, b: &str) -> std::cmp::Ordering {
    (a.is_empty(), a.contains('*'))
        .cmp(&(b.is_empty(), b.contains('*')))
        .then_with(|| b.len().cmp(&a.len()))
        .then_with(|| a.cmp(b))
}

/// A redirect to HTTPS for plain requests to `hosts`, or to any.
fn redirect(port: Option<u16>, hosts: Vec<String>) -> Route {
    let mut matchers = vec![Matcher::Protocol("http".to_owned())];
    if !hosts.is_empty() {
        matchers.push(Matcher::decode("host", &Value::from(hosts)));
    }
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let target = format!("https://{{http.request.host}}{port}{{http.request.uri}}");
    let respond = Respond {
        status: "308".to_owned(),
        headers: vec![("Location".to_owned(), vec![target])],
        close: true,
        ..Respond::default()
    };
    Route {
        sets: vec![MatcherSet { matchers }],
        handlers: vec![Handler {
            kind: Kind::Respond(respond),
            name: String::new(),
            place: Place::default(),
        }],
        ..Route::default()
    }
}
