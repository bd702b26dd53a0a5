//! The servers of a configuration, and their top-level routes split by host.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::matchers;
use super::site::{self, Site};
use caddyctl_language::config::pointer::escape;
use caddyctl_language::config::{Document, MatcherSet, Route, Value as Setting};

/// A configuration to look at: Caddy's JSON, or what a Caddyfile was compiled to.
#[derive(Clone, Copy, Debug)]
pub struct Config<'a> {
    /// Caddy's JSON; without the routes of its servers, apart from named ones, where `document` has them.
    pub(crate) value: &'a Value,
    /// The typed configuration. Its routes become JSON one by one, when somebody looks at them.
    pub(crate) document: Option<&'a Document>,
}

/// Which list of routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Phase {
    /// The server's `routes`.
    Request,
    /// The server's `errors`, tried when a handler raised an error.
    Error,
}

/// One HTTP server of the configuration.
#[derive(Clone, Debug)]
pub(crate) struct Server<'a> {
    /// Its name, such as `srv0`; it carries no meaning.
    pub name: &'a str,
    /// Its JSON; see [`Config`].
    pub value: &'a Value,
    compiled: Option<&'a caddyctl_language::config::Server>,
    http_port: u64,
    https_port: u64,
    skipped: Rc<HashSet<&'a str>>,
    addresses: Rc<Vec<String>>,
}

/// A top-level route and the hosts that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// The hosts, lower-cased; empty when the route takes any host.
    pub hosts: Vec<String>,
    /// Its matcher sets without the host, in normal form; empty when nothing else is asked.
    pub sets: Vec<Value>,
    /// The route.
    pub body: Body<'a>,
    /// Its JSON pointer.
    pub pointer: String,
    /// The list it stands in.
    pub phase: Phase,
}

/// A top-level route, as JSON or compiled.
#[derive(Clone, Debug)]
pub(crate) enum Body<'a> {
    /// From Caddy's JSON.
    Json(&'a Value),
    /// From a Caddyfile, with its JSON once somebody has asked for it.
    Compiled(&'a Route, OnceCell<Value>),
}

impl Entry<'_> {
    /// The JSON of the route.
    pub(crate) fn route(&self) -> &Value {
        match &self.body {
            Body::Json(value) => value,
            Body::Compiled(route, value) => {
                value.get_or_init(|| serde_json::to_value(route).unwrap_or_default())
            }
        }
    }

    /// Whether no later route is tried after it.
    pub(crate) fn is_terminal(&self) -> bool {
        match &self.body {
            Body::Json(value) => value.get("terminal").and_then(Value::as_bool) == Some(true),
            Body::Compiled(route, _) => route.terminal,
        }
    }
}

/// The servers of `config`, by name.
pub(crate) fn servers(config: Config<'_>) -> impl Iterator<Item = Server<'_>> {
    let http = config.value.pointer("/apps/http");
    let port =
        move |name, default| http.and_then(|http| http.get(name)).and_then(Value::as_u64).unwrap_or(default);
    let (http_port, https_port) = (port("http_port", 80), port("https_port", 443));
    let list = http.and_then(|http| http.get("servers")).and_then(Value::as_object);
    list.into_iter().flatten().map(move |(name, value)| {
        let skip = value.pointer("/automatic_https/skip");
        Server {
            name,
            value,
            compiled: config
                .document
                .and_then(|document| Some(&**document.apps.http.as_ref()?.servers.get(name)?)),
            http_port,
            https_port,
            skipped: Rc::new(skip.into_iter().flat_map(matchers::strings).collect()),
            addresses: Rc::new(addresses(value, https_port)),
        }
    })
}

/// Caddy's default is the HTTPS port.
fn addresses(server: &Value, https_port: u64) -> Vec<String> {
    let listen = server.get("listen");
    let mut addresses: Vec<String> = listen.into_iter().flat_map(matchers::strings).map(plain_tcp).collect();
    if addresses.is_empty() {
        addresses.push(format!(":{https_port}"));
    }
    addresses.sort();
    addresses.dedup();
    addresses
}

impl<'a> Server<'a> {
    /// Its JSON pointer.
    pub(crate) fn pointer(&self) -> String {
        format!("/apps/http/servers/{}", escape(self.name))
    }

    /// The addresses it listens on, sorted.
    pub(crate) fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// The site of `host` on `address`.
    pub(crate) fn site(&self, host: &str, address: &str) -> Site {
        Site { host: host.to_owned(), address: address.to_owned(), plain: self.is_plain(host, address) }
    }

    /// The protocol that hosts of this server speak on `address`, as Caddy's automatic HTTPS decides it.
    fn is_plain(&self, host: &str, address: &str) -> bool {
        let port = site::port(address);
        if port == self.http_port.to_string() {
            return true;
        }
        if self.value.get("tls_connection_policies").is_some() || port == self.https_port.to_string() {
            return false;
        }
        self.automatic_https_off() || host.is_empty() || self.skips(host)
    }

    /// Whether automatic HTTPS is switched off altogether.
    pub(crate) fn automatic_https_off(&self) -> bool {
        self.value.pointer("/automatic_https/disable").and_then(Value::as_bool).unwrap_or(false)
            || self.addresses().iter().all(|address| site::port(address) == self.http_port.to_string())
    }

    /// Whether automatic HTTPS leaves `host` alone.
    pub(crate) fn skips(&self, host: &str) -> bool {
        self.skipped.contains(host)
    }

    /// Whether certificates are managed for `host`, given that automatic HTTPS is on for it.
    pub(crate) fn manages_certificate(&self, host: &str) -> bool {
        let off = self.value.pointer("/automatic_https/disable_certificates").and_then(Value::as_bool);
        let skip = self.value.pointer("/automatic_https/skip_certificates");
        off != Some(true) && !skip.is_some_and(|skip| matchers::strings(skip).any(|name| name == host))
    }

    /// Its top-level routes in order, those of errors last, each split by the hosts it names.
    pub(crate) fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        let base = self.pointer();
        if let Some(server) = self.compiled {
            let errors = server.errors.as_ref().map_or(&[][..], |errors| &errors.routes);
            for (key, phase, routes) in
                [("/routes", Phase::Request, &server.routes[..]), ("/errors/routes", Phase::Error, errors)]
            {
                for (index, route) in routes.iter().enumerate() {
                    let body = Body::Compiled(route, OnceCell::new());
                    let pointer = format!("{base}{key}/{index}");
                    if let Some(hosts) = only_hosts(&route.matchers) {
                        entries.push(Entry { hosts, sets: Vec::new(), body, pointer, phase });
                    } else {
                        let sets: Vec<Value> = route.matchers.iter().map(Value::from).collect();
                        split(matchers::normal(&sets), &body, &pointer, phase, &mut entries);
                    }
                }
            }
            return entries;
        }
        for (key, phase) in [("/routes", Phase::Request), ("/errors/routes", Phase::Error)] {
            let Some(Value::Array(routes)) = self.value.pointer(key) else { continue };
            for (index, route) in routes.iter().enumerate() {
                let sets = matchers::normal_sets(route);
                split(sets, &Body::Json(route), &format!("{base}{key}/{index}"), phase, &mut entries);
            }
        }
        entries
    }

    /// A named route and its name, which lives as long as the configuration.
    pub(crate) fn named_entry(&self, name: &str) -> Option<(&'a str, &'a Value)> {
        let (name, route) = self.value.get("named_routes")?.as_object()?.get_key_value(name)?;
        Some((name, route))
    }

    /// A named route, by name.
    pub(crate) fn named(&self, name: &str) -> Option<&'a Value> {
        self.value.get("named_routes")?.get(name)
    }
}

/// The hosts of a route that asks for nothing else, in normal form: nearly every site.
fn only_hosts(sets: &[MatcherSet]) -> Option<Vec<String>> {
    let [set] = sets else { return None };
    let hosts = set.get("host").filter(|_| set.iter().len() == 1)?;
    let hosts = hosts.as_array().into_iter().flatten().filter_map(Setting::as_str);
    let mut hosts: Vec<String> = hosts.map(str::to_lowercase).collect();
    hosts.sort();
    hosts.dedup();
    Some(hosts)
}

/// Splits a route with these matcher sets into one entry for each different list of hosts among them.
fn split<'a>(sets: Vec<Value>, body: &Body<'a>, pointer: &str, phase: Phase, entries: &mut Vec<Entry<'a>>) {
    let first = entries.len();
    let entry = |hosts, sets| Entry { hosts, sets, body: body.clone(), pointer: pointer.to_owned(), phase };
    if sets.is_empty() {
        entries.push(entry(Vec::new(), Vec::new()));
    }
    for set in sets {
        let mut rest: Map<String, Value> = set.as_object().cloned().unwrap_or_default();
        let hosts: Vec<String> = rest
            .remove("host")
            .map(|hosts| matchers::strings(&hosts).map(str::to_owned).collect())
            .unwrap_or_default();
        let rest = Value::Object(rest);
        match entries[first..].iter_mut().find(|entry| entry.hosts == hosts) {
            Some(entry) => entry.sets.push(rest),
            None => entries.push(entry(hosts, vec![rest])),
        }
    }
    for entry in &mut entries[first..] {
        if entry.sets.iter().any(|set| set.as_object().is_some_and(Map::is_empty)) {
            entry.sets.clear();
        }
    }
}

/// `tcp/:80` and `:80` are the same address.
fn plain_tcp(address: &str) -> String {
    address.strip_prefix("tcp/").unwrap_or(address).to_owned()
}
