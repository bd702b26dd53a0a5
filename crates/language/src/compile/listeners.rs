//! Which sites are served on which listener addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Address;
use super::site::{Site, SiteView};
use crate::config::network_address::{
    AddressError, NetworkAddress, join_network_address, split_network_address,
};
use crate::diagnostics::Code;
use crate::lower::{Bind, Options, State};
use crate::spec::{Fault, Parsed};
use crate::syntax::Word;
use crate::version::{Change, Version};

/// Listener addresses that serve the same sites: a server.
#[derive(Debug)]
pub(super) struct Pairing {
    /// Each address with its protocols; an empty protocol stands for the default ones.
    pub(super) addresses: Vec<(String, Vec<String>)>,
    /// The sites, in the order of the file.
    pub(super) sites: Vec<SiteView>,
}

/// Sites by listener address and protocol.
type Map = BTreeMap<String, BTreeMap<String, Vec<SiteView>>>;

/// Finds the servers: listener addresses, in order, with all others that serve exactly the same. Site addresses that
/// cannot be listened on are reported.
pub(super) fn map(sites: &[Site], options: &Options, state: &mut State) -> Vec<Pairing> {
    if let Err(fault) = count_products(sites, options, state) {
        state.report(fault);
        return Vec::new();
    }
    let Served { names, views, faults } = Served::of(sites, options);
    let mut map = Map::new();
    for ((listener, protocol), views) in views {
        let by_protocol = map.entry(names.text(listener).to_owned()).or_default();
        by_protocol.insert(names.text(protocol).to_owned(), views);
    }
    for fault in faults {
        state.report(fault);
    }
    pair(map)
}

/// So many values an address counts for: a report has a site of its own for it.
const ADDRESS: usize = 2;

/// So many values a handler counts for.
const HANDLER: usize = 4;

/// Counts what sites stand for: each address on each listener and in each log, and each handler on each listener, where other
/// ports or other sites make servers of their own.
fn count_products(sites: &[Site], options: &Options, state: &mut State) -> Parsed<()> {
    for site in sites {
        let binds =
            if site.binds.is_empty() { options.default_bind.as_deref() } else { Some(&site.binds[..]) };
        let listeners: usize = binds.into_iter().flatten().map(|bind| bind.addresses.len()).sum();
        let mut ports: Vec<(&str, &str)> = site.addresses.iter().map(Address::listener).collect();
        ports.sort_unstable();
        ports.dedup();
        let servers = ports.len().saturating_mul(listeners.max(1));
        // A site on the HTTP and the HTTPS port is nothing to count.
        let handlers = if servers > 2 { site.handlers() } else { 0 };
        for (number, times, what) in [
            (
                site.addresses.len() * ADDRESS,
                listeners,
                "the addresses of sites on each of their listeners are",
            ),
            (site.addresses.len(), site.logs.len(), "the addresses of sites in each of their logs are"),
            (handlers * HANDLER, servers, "the handlers of sites on each of their listeners are"),
        ] {
            if let Some(key) = site.keys.first().filter(|_| times > 1) {
                state.repeat(number.saturating_mul(times), key, what)?;
            }
        }
    }
    Ok(())
}

/// Where sites are served.
#[derive(Debug)]
struct Served {
    names: Names,
    /// By listener address and protocol.
    views: FxHashMap<(NameId, NameId), Vec<SiteView>>,
    faults: Vec<Fault>,
}

impl Served {
    fn of(sites: &[Site], options: &Options) -> Self {
        let everywhere = [Bind { addresses: vec![String::new()], protocols: Vec::new() }];
        let mut listening = Listening {
            version: options.version,
            default_bind: options.default_bind.as_deref().unwrap_or(&everywhere),
            http_port: options.http_port(),
            https_port: options.https_port(),
            names: Names::default(),
            known: FxHashSet::default(),
        };
        let mut views: FxHashMap<(NameId, NameId), Vec<SiteView>> = FxHashMap::default();
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        // Where each key of a site listens.
        let mut own: Vec<((NameId, NameId), usize)> = Vec::new();
        for (index, site) in sites.iter().enumerate() {
            own.clear();
            for (key, address) in site.addresses.iter().enumerate() {
                found.clear();
                if let Err(fault) = listening.find(site, &site.keys[key], address, &mut found) {
                    faults.push(fault);
                    continue;
                }
                for (listener, protocols) in &found {
                    let protocols = if protocols.is_empty() { &[DEFAULT] } else { protocols.as_slice() };
                    own.extend(protocols.iter().map(|protocol| ((*listener, *protocol), key)));
                }
            }
            // The keys of one place together, in their order.
            own.sort_by_key(|(place, _)| *place);
            for same in own.chunk_by(|(a, _), (b, _)| a == b) {
                let view = SiteView::new(index, same.iter().map(|(_, key)| *key), sites);
                views.entry(same[0].0).or_default().push(view);
            }
        }
        Self { names: listening.names, views, faults }
    }
}

/// A listener address or a protocol as a number.
type NameId = usize;

/// The protocol that stands for the default ones: the first name.
const DEFAULT: NameId = 0;

/// Listener addresses as Caddy writes them, and protocols. Nearly all sites have the same.
#[derive(Debug)]
struct Names {
    all: Vec<String>,
    ids: FxHashMap<String, NameId>,
    /// The listener addresses by what a `bind` line says, and by the port.
    listeners: FxHashMap<String, FxHashMap<String, NameId>>,
}

impl Default for Names {
    fn default() -> Self {
        let mut names = Self { all: Vec::new(), ids: FxHashMap::default(), listeners: FxHashMap::default() };
        names.id("");
        names
    }
}

impl Names {
    fn text(&self, id: NameId) -> &str {
        &self.all[id]
    }

    fn id(&mut self, name: &str) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        self.all.push(name.to_owned());
        self.ids.insert(name.to_owned(), self.all.len() - 1);
        self.all.len() - 1
    }

    fn listener(&mut self, bind: &str, port: &str) -> Result<NameId, AddressError> {
        if let Some(id) = self.listeners.get(bind).and_then(|ports| ports.get(port)) {
            return Ok(*id);
        }
        let (network, host, _) = split_network_address(bind)?;
        let id = self.id(&NetworkAddress::parse(&join_network_address(&network, &host, port))?.display());
        self.listeners.entry(bind.to_owned()).or_default().insert(port.to_owned(), id);
        Ok(id)
    }
}

/// Sites to look up. Of many, some hundred are hashed.
#[derive(PartialEq, Eq)]
struct Sites<'v>(&'v [SiteView]);

impl Hash for Sites<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.len(), self.0.last()).hash(state);
        self.0.iter().step_by((self.0.len() / 64).max(1)).for_each(|view| view.hash(state));
    }
}

/// Joins listeners that serve the same sites. What has been joined leaves an empty list behind, and every later empty
/// list becomes an empty server, as in Caddy.
fn pair(mut map: Map) -> Vec<Pairing> {
    // Each pairing, and where its sites are in the map.
    let mut pairings: Vec<(Pairing, Option<(String, String)>)> = Vec::new();
    let mut same: FxHashMap<Sites, Vec<(&str, &str)>> = FxHashMap::default();
    for (listener, by_protocol) in &map {
        for (protocol, sites) in by_protocol {
            same.entry(Sites(sites)).or_default().push((listener, protocol));
        }
    }
    let mut taken: FxHashSet<(&str, &str)> = FxHashSet::default();
    for (listener, by_protocol) in &map {
        // The protocols of an address are listed before its first one is joined.
        let open: Vec<_> = by_protocol
            .iter()
            .filter(|(protocol, _)| !taken.contains(&(listener.as_str(), protocol.as_str())))
            .collect();
        for (protocol, sites) in open {
            if taken.contains(&(listener.as_str(), protocol.as_str())) {
                pairings.push((Pairing { addresses: Vec::new(), sites: Vec::new() }, None));
                continue;
            }
            let mut addresses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (address, protocol) in &same[&Sites(sites)] {
                addresses.entry(address).or_default().push((*protocol).to_owned());
                taken.insert((address, protocol));
            }
            let addresses =
                addresses.into_iter().map(|(address, protocols)| (address.to_owned(), protocols)).collect();
            let place = (listener.clone(), protocol.clone());
            pairings.push((Pairing { addresses, sites: Vec::new() }, Some(place)));
        }
    }
    let mut sites = |(listener, protocol): (String, String)| {
        let sites = map.get_mut(&listener).and_then(|by_protocol| by_protocol.get_mut(&protocol));
        sites.map(std::mem::take).unwrap_or_default()
    };
    let whole = |(pairing, place): (Pairing, Option<_>)| Pairing {
        sites: place.map(&mut sites).unwrap_or_default(),
        ..pairing
    };
    pairings.into_iter().map(whole).collect()
}

/// What decides where sites listen, apart from themselves.
struct Listening<'a> {
    version: Version,
    default_bind: &'a [Bind],
    http_port: String,
    https_port: String,
    names: Names,
    /// The listeners of the current address.
    known: FxHashSet<NameId>,
}

impl Listening<'_> {
    /// Finds the listener addresses of one site address, with their protocols.
    fn find(
        &mut self,
        site: &Site,
        key: &Word,
        address: &Address,
        found: &mut Vec<(NameId, Vec<NameId>)>,
    ) -> Parsed<()> {
        let fault = |message: String| Fault::new(Code::ADDRESS, key, message);
        match address.scheme.as_str() {
            "" | "http" | "https" => {}
            "ws" | "wss" if self.version.has(Change::AddressSchemes) => {
                let instead = if address.scheme == "ws" { "http" } else { "https" };
                let message =
                    format!("`{}://` is a scheme for clients; a site has `{instead}://`", address.scheme);
                return Err(fault(message)
                    .help(format!("write `{instead}://{}`; WebSockets need nothing else", address.host)));
            }
            // Before 2.8.4, Caddy does not look at it.
            _ if !self.version.has(Change::AddressSchemes) => {}
            other => {
                return Err(fault(format!("a site cannot have the scheme `{other}://`"))
                    .help("write `http://` or `https://`, or none"));
            }
        }
        let port = match (address.port.as_str(), address.scheme.as_str()) {
            ("", "http") => self.http_port.as_str(),
            ("", _) => self.https_port.as_str(),
            (port, _) => port,
        };
        if (address.scheme == "http" && port == self.https_port)
            || (address.scheme == "https" && port == self.http_port)
        {
            return Err(fault(format!("the scheme `{}://` does not match port {port}", address.scheme))
                .help("remove the port or the scheme"));
        }
        let binds = if site.binds.is_empty() { self.default_bind } else { &site.binds };
        self.known.clear();
        for bind in binds {
            for text in &bind.addresses {
                let listener = self.names.listener(text, port).map_err(|problem| {
                    let place = if text.is_empty() { String::new() } else { format!(" on `{text}`") };
                    fault(format!("this site cannot listen{place}: {problem}"))
                })?;
                let protocols: BTreeSet<&String> = bind.protocols.iter().collect();
                let protocols = protocols.into_iter().map(|name| self.names.id(name)).collect();
                // A later `bind` of the same address replaces its protocols.
                if !self.known.insert(listener) {
                    found.retain(|(known, _)| *known != listener);
                }
                found.push((listener, protocols));
            }
        }
        Ok(())
    }
}
