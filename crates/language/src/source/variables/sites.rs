//! Names of sites: hosts and ports as far as they come from variables.

use super::forms::{Address, address, items};
use super::{Use, Variables, ours};

/// The addresses that the word around a variable makes, each with what is shown of its host and its port.
pub(crate) fn named(one: &Use) -> Vec<(Address, String, Option<String>)> {
    let real: Vec<&str> = items(&one.word).collect();
    let shown: Vec<&str> = items(&one.word_shown).collect();
    let named = |(number, item): (usize, &&str)| {
        let address = address(item);
        // A value that holds several addresses shows none of them.
        let (host, port) = if real.len() == shown.len() {
            let Address { host, port } = super::forms::address(shown[number]);
            // Where only the word as a whole has a port, it is part of the value.
            let port = address.port.as_ref().map(|_| port.unwrap_or_else(|| one.shown.clone()));
            (host, port)
        } else if shown.contains(item) {
            (address.host.clone(), address.port.clone())
        } else {
            let host = if address.host.is_empty() { String::new() } else { one.shown.clone() };
            (host, address.port.as_ref().map(|_| one.shown.clone()))
        };
        (address, host, port)
    };
    real.iter().enumerate().map(named).collect()
}

impl Variables {
    /// The name of a site, `host` on `address`, as its addresses are written: both as far as they come from variables.
    pub fn site(&self, host: &str, address: &str) -> (String, String) {
        let (port_at, port) = match address.rfind(':') {
            Some(at) => (at + 1, &address[at + 1..]),
            None => (address.len(), ""),
        };
        let (mut shown_host, mut shown_port) = (host.to_owned(), port.to_owned());
        for (number, at) in self.by_host.get(host).into_iter().flatten() {
            let one = &self.uses[*number];
            let Some((own, host, port_shown)) = named(one).into_iter().nth(*at) else { continue };
            if own.has(port) {
                shown_host = host;
                shown_port = port_shown.unwrap_or(shown_port);
            }
        }
        if shown_port == port && port.len() > 2 && !matches!(port, "443") {
            shown_port = self.hide_unwritten(port, ours::Mode::Value);
        }
        let interface = self.hide_unwritten(&address[..port_at], ours::Mode::Value);
        (self.hide_distinct(&shown_host, ours::Mode::Value), interface + &shown_port)
    }
}
