//! Both configurations taken apart into sites: one address and one host each, so that regrouping, reordering and
//! server names are no difference.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::routes::Site;
use crate::routes::effort::Effort;
use crate::routes::server::{self, Config, Entry, Server};

/// The sites of one side.
#[derive(Debug, Default)]
pub(crate) struct Units<'a> {
    /// The servers, each with its top-level routes as a range of [`Units::entries`].
    pub servers: Vec<(Server<'a>, Range<usize>)>,
    /// Every top-level route, with its server.
    pub entries: Vec<(Server<'a>, Entry<'a>)>,
    /// The sites by host and address.
    pub sites: BTreeMap<(String, String), Unit>,
    /// How much of them may be compared.
    pub effort: Effort,
}

/// One site.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// Its name.
    pub site: Site,
    /// Its top-level routes in order, as numbers in [`Units::entries`].
    pub entries: Vec<usize>,
}

impl<'a> Units<'a> {
    /// The sites of `config`.
    pub(crate) fn new(config: Config<'a>) -> Self {
        let mut units = Self::default();
        for server in server::servers(config) {
            let addresses = server.addresses();
            let first = units.entries.len();
            for entry in server.entries() {
                let number = units.entries.len();
                let any = [String::new()];
                let hosts = if entry.hosts.is_empty() { &any[..] } else { &entry.hosts };
                for host in hosts {
                    for address in addresses {
                        let key = (host.clone(), address.clone());
                        let unit = units.sites.entry(key).or_insert_with(|| Unit {
                            site: server.site(host, address),
                            entries: Vec::new(),
                        });
                        unit.entries.push(number);
                    }
                }
                units.entries.push((server.clone(), entry));
            }
            units.servers.push((server.clone(), first..units.entries.len()));
        }
        units
    }

    /// The top-level routes of a server.
    pub(crate) fn entries_of(&self, range: &Range<usize>) -> impl Iterator<Item = &Entry<'a>> {
        self.entries[range.clone()].iter().map(|(_, entry)| entry)
    }

    /// The site of the same address, other than that of `host` itself, that takes the requests of `host`: one whose
    /// pattern covers it, or that takes any host.
    pub(crate) fn covering(&self, host: &str, address: &str) -> Option<&Unit> {
        if host.is_empty() {
            return None;
        }
        let parent = host.split_once('.').map(|(_, parent)| format!("*.{parent}"));
        let mut names = parent.into_iter().chain([String::new()]).filter(|name| name != host);
        names.find_map(|name| self.sites.get(&(name, address.to_owned())))
    }

    /// The pointer of a site's first route.
    pub(crate) fn pointer(&self, unit: &Unit) -> &str {
        unit.entries.first().map_or("", |&number| &self.entries[number].1.pointer)
    }
}
