//! The servers of a configuration, and their top-level routes split by host.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::matchers;
use super::site::{self, Site};

/// Which list of routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The server's `routes`.
    Request,
    /// The server's `errors`, tried when a handler raised an error.
    Error,
}

/// One HTTP server of the configuration.
#[derive(Clone, Debug)]
pub struct Server<'a> {
    /// Its name, such as `srv0`; it carries no meaning.
    pub name: &'a str,
    /// Its JSON.
    pub value: &'a Value,
    http_port: u64,
    https_port: u64,
    skipped: Rc<HashSet<&'a str>>,
    addresses: Rc<Vec<String>>,
}

/// A top-level route and the hosts that it is for.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The hosts, lower-cased; empty when the route takes any host.
    pub hosts: Vec<String>,
    /// Its matcher sets without the host, in normal form; empty when nothing else is asked.
    pub sets: Vec<Value>,
    /// The route.
    pub route: &'a Value,
    /// Its JSON pointer.
    pub pointer: String,
    /// The list it stands in.
    pub phase: Phase,
}

/// The servers of `config`, by name.
pub fn servers(config: &Value) -> impl Iterator<Item = Server<'_>> {
    let http = config.pointer("/apps/http");
    let port =
        move |name, default| http.and_then(|http| http.get(name)).and_then(Value::as_u64).unwrap_or(default);
    let (http_port, https_port) = (port("http_port", 80), port("https_port", 443));
    let list = http.and_then(|http| http.get("servers")).and_then(Value::as_object);
    list.into_iter().flatten().map(move |(name, value)| {
        let skip = value.pointer("/automatic_https/skip");
        Server {
            name,
            value,
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
    pub fn pointer(&self) -> String {
        format!("/apps/http/servers/{}", escape(self.name))
    }

    /// The addresses it listens on, sorted.
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// The site of `host` on `address`.
    pub fn site(&self, host: &str, address: &str) -> Site {
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
    pub fn automatic_https_off(&self) -> bool {
        self.value.pointer("/automatic_https/disable").and_then(Value::as_bool).unwrap_or(false)
            || self.addresses().iter().all(|address| site::port(address) == self.http_port.to_string())
    }

    /// Whether automatic HTTPS leaves `host` alone.
    pub fn skips(&self, host: &str) -> bool {
        self.skipped.contains(host)
    }

    /// Whether certificates are managed for `host`, given that automatic HTTPS is on for it.
    pub fn manages_certificate(&self, host: &str) -> bool {
        let off = self.value.pointer("/automatic_https/disable_certificates").and_then(Value::as_bool);
        let skip = self.value.pointer("/automatic_https/skip_certificates");
        off != Some(true) && !skip.is_some_and(|skip| matchers::strings(skip).any(|name| name == host))
    }

    /// Its top-level routes in order, those of errors last, each split by the hosts it names.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        let base = self.pointer();
        for (key, phase) in [("/routes", Phase::Request), ("/errors/routes", Phase::Error)] {
            let Some(Value::Array(routes)) = self.value.pointer(key) else { continue };
            for (index, route) in routes.iter().enumerate() {
                split(route, &format!("{base}{key}/{index}"), phase, &mut entries);
            }
        }
        entries
    }

    /// A named route, by name.
    pub fn named(&self, name: &str) -> Option<&'a Value> {
        self.value.get("named_routes")?.get(name)
    }
}

/// Splits a route into one entry for each different list of hosts among its matcher sets.
fn split<'a>(route: &'a Value, pointer: &str, phase: Phase, entries: &mut Vec<Entry<'a>>) {
    let sets = matchers::normal_sets(route);
    let first = entries.len();
    let entry = |hosts, sets| Entry { hosts, sets, route, pointer: pointer.to_owned(), phase };
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

/// A name as a part of a JSON pointer (RFC 6901).
pub fn escape(name: &str) -> String {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1") } else { name.to_owned() }
}
