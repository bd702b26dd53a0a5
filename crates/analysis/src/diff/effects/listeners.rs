//! Addresses that are listened on, or no longer.

use std::collections::{BTreeMap, HashMap};

use super::super::report::{Change, Effect, EffectKind};
use super::super::units::Unit;
use super::Half;
use crate::routes::site::interface;

/// The address of each listener, and what it is for.
fn addresses(half: Half) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    let http_port =
        half.side.config.pointer("/apps/http/http_port").and_then(serde_json::Value::as_u64).unwrap_or(80);
    for (server, range) in &half.units.servers {
        let off = server.automatic_https_off();
        let redirects =
            server.value.pointer("/automatic_https/disable_redirects").and_then(serde_json::Value::as_bool);
        let tls = !off
            && (server.value.get("tls_connection_policies").is_some()
                || half
                    .units
                    .entries_of(range)
                    .any(|entry| entry.hosts.iter().any(|host| !server.skips(host))));
        for address in server.addresses() {
            if tls && redirects != Some(true) && !address.starts_with("unix") && !address.starts_with("fd") {
                // Automatic HTTPS opens the HTTP port of the same interface.
                found
                    .entry(format!("{}:{http_port}", interface(address)))
                    .or_insert(" for redirects to HTTPS");
            }
            found.insert(address.clone(), "");
        }
    }
    found
}

/// The first site on each address, and on each interface.
struct Sites<'u> {
    by_address: HashMap<&'u str, &'u Unit>,
    by_interface: HashMap<&'u str, &'u Unit>,
}

impl<'u> Sites<'u> {
    fn of(half: Half<'u>) -> Self {
        let mut sites = Self { by_address: HashMap::new(), by_interface: HashMap::new() };
        for unit in half.units.sites.values() {
            let address = unit.site.address.as_str();
            sites.by_address.entry(address).or_insert(unit);
            sites.by_interface.entry(interface(address)).or_insert(unit);
        }
        sites
    }
}

/// The listeners that only one side opens.
pub(crate) fn listeners(old: Half, new: Half) -> Vec<Effect> {
    let (before, after) = (addresses(old), addresses(new));
    let (old_sites, new_sites) = (Sites::of(old), Sites::of(new));
    let place = |half: Half, sites: &Sites, address: &str| {
        let units = half.units;
        let exact = sites.by_address.get(address);
        let unit = exact.or_else(|| sites.by_interface.get(interface(address)))?;
        let bound = half.written.directive(units.pointer(unit), "bind");
        bound.filter(|_| !interface(address).is_empty()).or_else(|| half.written.unit(units, unit))
    };
    let mut effects = Vec::new();
    for (address, what) in before.iter().filter(|(address, _)| !after.contains_key(*address)) {
        let message = format!("listener {address}{what} closed");
        let mut effect = super::effect(EffectKind::Listener, Change::Removed, address, message);
        effect.old_place = place(old, &old_sites, address);
        effects.push(effect);
    }
    for (address, what) in after.iter().filter(|(address, _)| !before.contains_key(*address)) {
        let message = format!("listener {address}{what} opened");
        let mut effect = super::effect(EffectKind::Listener, Change::Added, address, message);
        effect.new_place = place(new, &new_sites, address);
        effects.push(effect);
    }
    effects
}
