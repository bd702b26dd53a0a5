//! The route table of a whole configuration.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::answer;
use super::effort::Effort;
use super::flat::Flat;
use super::pattern::Wildcards;
use super::server::{self, Config, Entry, Phase};
use super::shadow;
use super::site::Site;
use super::veil::Veil;
use caddyctl_language::config::span_at;
use caddyctl_language::source::variables::Variables;
use caddyctl_language::source::{Sources, Span};
use caddyctl_language::spec::Answer;

/// One line of the table: what a request of a site comes to, in the order in which Caddy tries it.
#[derive(Clone, Debug)]
pub struct Route {
    /// The sites it belongs to.
    pub(crate) sites: Rc<[Site]>,
    /// Whether it runs for requests or for errors.
    pub(crate) phase: Phase,
    /// The matchers in words, from the outside in; `*` when everything matches.
    pub(crate) matchers: String,
    /// The directive that makes such a handler.
    pub(crate) directive: String,
    /// What the handler does, in words, without secrets.
    pub(crate) what: String,
    /// Whether it changes the path or the method that later routes see.
    pub(crate) changes_path: bool,
    /// Where a proxy sends requests.
    pub(crate) upstreams: Vec<String>,
    /// Whether it answers, or passes requests on.
    pub ends: Answer,
    /// The JSON pointer of the handler.
    pub(crate) pointer: String,
    /// The words it was compiled from.
    pub span: Option<Span>,
    /// The route, by its number in the table, that takes all its requests before.
    pub shadow: Option<usize>,
}

/// All routes of a configuration.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Server by server, site by site, in the order in which Caddy tries them.
    pub routes: Vec<Route>,
    /// Whether there were too many matchers to compare them all, so that a route that no request reaches may not be marked.
    pub is_incomplete: bool,
}

/// The place of a span as `file:line`.
pub fn place(sources: &Sources, span: Option<Span>) -> Option<String> {
    let span = span?;
    Some(format!("{}:{}", sources.file(span.file).shown(), sources.position(span).line))
}

impl Table {
    /// The table of `config`. Only compiled routes have a place.
    pub fn new(config: Config<'_>) -> Self {
        let (sources, variables) = (Sources::new(), Variables::default());
        Self::with(config, &Veil { sources: &sources, variables: &variables })
    }

    /// The same with what `veil` shows of handlers and matchers.
    pub(super) fn with(config: Config<'_>, veil: &Veil<'_>) -> Self {
        let mut table = Self::default();
        let effort = Effort::default();
        for server in server::servers(config) {
            let entries = server.entries();
            let addresses = server.addresses();
            let mut closed = Closed::default();
            for (hosts, members) in by_hosts(&entries) {
                let flat = Flat::new(&server, members.iter().map(|&number| &entries[number]), &effort);
                let sites = if hosts.is_empty() { &[String::new()][..] } else { hosts };
                let sites: Rc<[Site]> = addresses
                    .iter()
                    .flat_map(|address| sites.iter().map(|host| server.site(host, address)))
                    .collect();
                let first = table.routes.len();
                let shadows = shadow::shadows(&flat);
                let whole = closed.by(hosts);
                for (row, shadow) in flat.rows.iter().zip(shadows) {
                    let shown = veil.row(config, &flat, row);
                    table.routes.push(Route {
                        sites: Rc::clone(&sites),
                        phase: row.phase,
                        matchers: shown.matchers,
                        directive: row.directive().to_owned(),
                        what: shown.what,
                        changes_path: answer::rewrites_path(row.handler),
                        upstreams: shown.upstreams,
                        ends: row.ends(),
                        pointer: row.pointer.clone(),
                        span: config.document.and_then(|document| span_at(document, &row.pointer)),
                        shadow: match row.phase {
                            Phase::Request => whole.or(shadow.map(|number| first + number)),
                            Phase::Error => shadow.map(|number| first + number),
                        },
                    });
                }
                closed.add(hosts, members.iter().map(|&number| &entries[number]), first);
            }
        }
        table.is_incomplete = effort.is_spent();
        table
    }
}

/// The numbers of entries that name the same hosts, in the order in which the hosts appear first.
fn by_hosts<'e>(entries: &'e [Entry]) -> Vec<(&'e [String], Vec<usize>)> {
    let mut groups: Vec<(&[String], Vec<usize>)> = Vec::new();
    let mut known: HashMap<&[String], usize> = HashMap::new();
    for (number, entry) in entries.iter().enumerate() {
        let at = *known.entry(&entry.hosts).or_insert_with(|| {
            groups.push((&entry.hosts, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(number);
    }
    groups
}

/// The sites of a server that no request reaches, each with the hosts of the one that takes its requests: an earlier
/// route for any host, or for a wildcard that covers theirs.
pub(crate) fn unreachable_hosts(entries: &[&Entry]) -> Vec<(String, Vec<String>)> {
    let mut closed = Closed::default();
    let mut by_row: Vec<Vec<String>> = Vec::new();
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| entry.phase == Phase::Request) {
        let any = [String::new()];
        let hosts = if entry.hosts.is_empty() { &any[..] } else { &entry.hosts };
        for host in hosts {
            let own: &[String] = if host.is_empty() { &[] } else { std::slice::from_ref(host) };
            if let Some(row) = closed.by(own).filter(|&row| !by_row[row].contains(host)) {
                found.push((host.clone(), by_row[row].clone()));
            }
        }
        closed.add(&entry.hosts, std::iter::once(*entry), by_row.len());
        by_row.push(hosts.to_vec());
    }
    found
}

/// The hosts of one server whose requests never get past a site, each with that site's first row.
#[derive(Default)]
struct Closed {
    exact: HashMap<String, usize>,
    wild: Wildcards<usize>,
    any: Option<usize>,
    seen: HashSet<usize>,
}

impl Closed {
    /// The row that takes everything for all of `hosts`, if there is one.
    fn by(&self, hosts: &[String]) -> Option<usize> {
        if self.any.is_some() || hosts.is_empty() {
            return self.any;
        }
        let one = |host: &String| self.exact.get(host).or_else(|| self.wild.first(host)).copied();
        let rows: Option<Vec<usize>> = hosts.iter().map(one).collect();
        rows?.into_iter().next()
    }

    /// Notes what the entries of `hosts` close.
    fn add<'e>(&mut self, hosts: &[String], entries: impl Iterator<Item = &'e Entry<'e>>, row: usize) {
        let ends = |entry: &Entry| {
            entry.phase == Phase::Request
                && entry.sets.is_empty()
                && (entry.is_terminal() || answer::route_answers(entry.route()))
        };
        let mut entries = entries;
        if !entries.any(ends) || !self.seen.insert(row) {
            return;
        }
        if hosts.is_empty() {
            self.any = Some(row);
        }
        for host in hosts {
            if host.contains('*') {
                self.wild.add(host, row);
            }
            self.exact.entry(host.clone()).or_insert(row);
        }
    }
}
