//! Servers, and the routes at the top of each, which are found by host.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use caddyctl_language::Version;
use rustc_hash::FxHashMap;

use super::decode::Raw;
use super::route::Route;
use crate::requests::ranges::Range;

/// The routes at the top of a server, decoded when a request reaches them.
#[derive(Debug, Default)]
pub(in crate::requests) struct Top<'c> {
    slots: Vec<Slot<'c>>,
    exact: FxHashMap<String, Vec<usize>>,
    wild: FxHashMap<String, Vec<usize>>,
    always: Vec<usize>,
}

#[derive(Debug)]
struct Slot<'c> {
    raw: Raw<'c>,
    pointer: String,
    route: OnceCell<Route>,
}

impl<'c> Top<'c> {
    /// Appends a route that is decoded later.
    pub(in crate::requests) fn push(&mut self, raw: Raw<'c>, pointer: String) {
        let number = self.slots.len();
        self.index(raw.hosts(), number);
        self.slots.push(Slot { raw, pointer, route: OnceCell::new() });
    }

    fn index(&mut self, hosts: Option<Vec<String>>, number: usize) {
        let Some(hosts) = hosts else {
            self.always.push(number);
            return;
        };
        for host in hosts {
            let host = crate::check::values::hostname::normal(&host);
            let list = match host.strip_prefix("*.") {
                _ if !host.contains('*') && !host.contains('{') => self.exact.entry(host).or_default(),
                Some(rest) if !rest.contains(['*', '{']) => self.wild.entry(rest.to_owned()).or_default(),
                _ => &mut self.always,
            };
            if list.last() != Some(&number) {
                list.push(number);
            }
        }
    }

    /// Puts decoded routes before the one with this number, or at the end.
    pub(in crate::requests) fn insert(&mut self, at: usize, routes: Vec<Route>) {
        let slots = routes.into_iter().map(|route| Slot {
            raw: Raw::Made,
            pointer: String::new(),
            route: OnceCell::from(route),
        });
        self.slots.splice(at..at, slots);
        (self.exact, self.wild, self.always) = Default::default();
        for number in 0..self.slots.len() {
            let hosts = match self.slots[number].route.get() {
                Some(route) => hosts_of(route),
                None => self.slots[number].raw.hosts(),
            };
            self.index(hosts, number);
        }
    }

    /// How many routes there are.
    pub(in crate::requests) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The hosts of the route with this number that its matchers name, in any of its sets; placeholders are left as they are.
    pub(in crate::requests) fn hosts(&self, number: usize) -> Vec<String> {
        self.slots[number].raw.all_hosts()
    }

    /// The first route from `number` on that a request for `host` may match.
    pub(in crate::requests) fn next(&self, number: usize, host: &str) -> Option<usize> {
        let from = |list: &Vec<usize>| list.get(list.partition_point(|known| *known < number)).copied();
        let host = host.to_ascii_lowercase();
        let exact = self.exact.get(&host).and_then(from);
        let wild = host.split_once('.').and_then(|(_, rest)| self.wild.get(rest)).and_then(from);
        [exact, wild, from(&self.always)].into_iter().flatten().min()
    }

    /// The route with this number.
    pub(in crate::requests) fn get(&self, number: usize) -> Option<&Route> {
        let slot = self.slots.get(number)?;
        Some(slot.route.get_or_init(|| slot.raw.decode(&slot.pointer)))
    }
}

/// The hosts that a decoded route asks for; `None` where one of its sets takes any.
fn hosts_of(route: &Route) -> Option<Vec<String>> {
    if route.sets.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    for set in &route.sets {
        all.extend(set.hosts()?.iter().cloned());
    }
    Some(all)
}

/// One HTTP server.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "settings of a server that are on or off")]
pub(in crate::requests) struct Server<'c> {
    pub(in crate::requests) name: String,
    /// The addresses it listens on.
    pub(in crate::requests) listen: Vec<Listen>,
    pub(in crate::requests) top: Top<'c>,
    /// The routes for errors.
    pub(in crate::requests) errors: Top<'c>,
    pub(in crate::requests) named: BTreeMap<String, Route>,
    /// The TLS connection policies; `None` where it speaks plain HTTP.
    pub(in crate::requests) policies: Option<Vec<ConnectionPolicy>>,
    /// Whether a plain request to a TLS port is redirected.
    pub(in crate::requests) redirects_plain: bool,
    pub(in crate::requests) trusted: Vec<Range>,
    pub(in crate::requests) is_trusted_strict: bool,
    pub(in crate::requests) client_ip_headers: Vec<String>,
    pub(in crate::requests) strict_sni: bool,
    pub(in crate::requests) underscore: Vec<String>,
    pub(in crate::requests) dots: Vec<String>,
    /// Whether it speaks HTTP/1.
    pub(in crate::requests) speaks_http1: bool,
}

/// An address of a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::requests) struct Listen {
    pub(in crate::requests) network: String,
    /// Empty for every address.
    pub(in crate::requests) host: String,
    pub(in crate::requests) first: u16,
    pub(in crate::requests) last: u16,
}

/// What decides about a TLS connection.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "settings of a policy that are on or off")]
pub(in crate::requests) struct ConnectionPolicy {
    /// Server names that it is for; `None` for any.
    pub(in crate::requests) names: Option<Vec<String>>,
    /// A matcher that the model does not evaluate.
    pub(in crate::requests) is_undecided: bool,
    pub(in crate::requests) drop: bool,
    /// Whether anything is said about certificates of clients.
    pub(in crate::requests) has_client_auth: bool,
    /// Whether a certificate of the client is required.
    pub(in crate::requests) wants_client: bool,
    pub(in crate::requests) default_sni: String,
    pub(in crate::requests) fallback_sni: String,
}

/// A whole configuration.
#[derive(Debug, Default)]
pub struct Program<'c> {
    /// The version whose answers count.
    pub(in crate::requests) version: Version,
    pub(in crate::requests) servers: Vec<Server<'c>>,
    pub(in crate::requests) http_port: u16,
    pub(in crate::requests) https_port: u16,
    /// The names that certificates are there for.
    pub(in crate::requests) certificates: Vec<String>,
    /// Whether certificates are loaded from elsewhere, whose names are not known.
    pub(in crate::requests) loads_certificates: bool,
    /// Whether certificates are obtained when they are asked for.
    pub(in crate::requests) on_demand: bool,
}
