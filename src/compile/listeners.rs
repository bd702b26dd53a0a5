//! Which sites are served on which listener addresses.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Address;
use super::site::{Site, SiteView};
use crate::config::network_address::{NetworkAddress, join_network_address, split_network_address};
use crate::diagnostics::Code;
use crate::lower::{Bind, Options, State};
use crate::spec::{Fault, Parsed};
use crate::syntax::Word;

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
    let mut map = Map::new();
    let mut displays = Displays::default();
    for (index, site) in sites.iter().enumerate() {
        let mut own: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (key, address) in site.addresses.iter().enumerate() {
            let found =
                listeners(site, &site.keys[key], address, options, &mut displays).unwrap_or_else(|fault| {
                    state.report(fault);
                    BTreeMap::new()
                });
            for (listener, mut protocols) in found {
                if protocols.is_empty() {
                    protocols.push(String::new());
                }
                let by_protocol = own.entry(listener).or_default();
                for protocol in protocols {
                    by_protocol.entry(protocol).or_default().push(key);
                }
            }
        }
        for (listener, by_protocol) in own {
            let served = map.entry(listener).or_default();
            for (protocol, keys) in by_protocol {
                served.entry(protocol).or_default().push(SiteView { site: index, keys });
            }
        }
    }
    pair(&map)
}

/// Listener addresses as Caddy writes them, by what a `bind` line says and the port. Most sites have the same.
#[derive(Debug, Default)]
struct Displays(FxHashMap<(String, String), String>);

impl Displays {
    fn listener(&mut self, bind: &str, port: &str) -> Result<String, String> {
        let place = (bind.to_owned(), port.to_owned());
        if let Some(known) = self.0.get(&place) {
            return Ok(known.clone());
        }
        let (network, host, _) = split_network_address(bind)?;
        let listener = NetworkAddress::parse(&join_network_address(&network, &host, port))?.display();
        self.0.insert(place, listener.clone());
        Ok(listener)
    }
}

/// Joins listeners that serve the same sites. What has been joined leaves an empty list behind, and every later empty
/// list becomes an empty server, as in Caddy.
fn pair(map: &Map) -> Vec<Pairing> {
    let mut same: FxHashMap<&[SiteView], Vec<(&str, &str)>> = FxHashMap::default();
    for (listener, by_protocol) in map {
        for (protocol, sites) in by_protocol {
            same.entry(sites).or_default().push((listener, protocol));
        }
    }
    let mut taken: FxHashSet<(&str, &str)> = FxHashSet::default();
    let mut pairings = Vec::new();
    for (listener, by_protocol) in map {
        // The protocols of an address are listed before its first one is joined.
        let open: Vec<_> = by_protocol
            .iter()
            .filter(|(protocol, _)| !taken.contains(&(listener.as_str(), protocol.as_str())))
            .collect();
        for (protocol, sites) in open {
            if taken.contains(&(listener.as_str(), protocol.as_str())) {
                pairings.push(Pairing { addresses: Vec::new(), sites: Vec::new() });
                continue;
            }
            let mut addresses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for (address, protocol) in &same[sites.as_slice()] {
                addresses.entry(address).or_default().push((*protocol).to_owned());
                taken.insert((address, protocol));
            }
            let addresses =
                addresses.into_iter().map(|(address, protocols)| (address.to_owned(), protocols)).collect();
            pairings.push(Pairing { addresses, sites: sites.clone() });
        }
    }
    pairings
}

/// The listener addresses of one site address, with their protocols.
fn listeners(
    site: &Site,
    key: &Word,
    address: &Address,
    options: &Options,
    displays: &mut Displays,
) -> Parsed<BTreeMap<String, Vec<String>>> {
    let fault = |message: String| Fault::new(Code::ADDRESS, key, message);
    match address.scheme.as_str() {
        "" | "http" | "https" => {}
        "ws" | "wss" => {
            let instead = if address.scheme == "ws" { "http" } else { "https" };
            return Err(fault(format!("`{}://` is for browsers; a site has `{instead}://`", address.scheme))
                .help(format!("write `{instead}://{}`; WebSockets need nothing else", address.host)));
        }
        other => {
            return Err(fault(format!("a site cannot have the scheme `{other}://`"))
                .help("write `http://` or `https://`, or none"));
        }
    }
    let (http_port, https_port) = (options.http_port(), options.https_port());
    let port = match (address.port.as_str(), address.scheme.as_str()) {
        ("", "http") => http_port.clone(),
        ("", _) => https_port.clone(),
        (port, _) => port.to_owned(),
    };
    if (address.scheme == "http" && port == https_port) || (address.scheme == "https" && port == http_port) {
        return Err(fault(format!("`{}://` on port {port} is the wrong way round", address.scheme))
            .help("leave the port out, or the scheme"));
    }
    let everywhere = [Bind { addresses: vec![String::new()], protocols: Vec::new() }];
    let binds = match (site.binds.as_slice(), &options.default_bind) {
        ([], Some(default)) => default.as_slice(),
        ([], None) => &everywhere,
        (binds, _) => binds,
    };
    let mut found = BTreeMap::new();
    for bind in binds {
        for text in &bind.addresses {
            let listener = displays.listener(text, &port).map_err(|problem| {
                let place = if text.is_empty() { String::new() } else { format!(" on `{text}`") };
                fault(format!("this site cannot listen{place}: {problem}"))
            })?;
            // A later `bind` of the same address replaces its protocols.
            let protocols: BTreeSet<_> = bind.protocols.iter().cloned().collect();
            found.insert(listener, protocols.into_iter().collect());
        }
    }
    Ok(found)
}
