//! Sites that are on both sides and that no request reaches any more, or whose leftovers go elsewhere. The Caddyfile
//! sorts its sites and ends each; JSON can have them in any order.

use std::collections::BTreeMap;

use super::super::report::{Change, Effect, EffectKind};
use super::super::units::{Unit, Units};
use super::Half;
use crate::routes::server::Entry;
use crate::routes::unreachable_hosts;

/// What became of sites that both sides have.
pub(crate) fn sites(old: Half, new: Half) -> Vec<Effect> {
    let (old_units, new_units) = (old.units, new.units);
    let (was, is) = (unreachable(old_units), unreachable(new_units));
    let mut effects = Vec::new();
    for (key, unit) in &new_units.sites {
        let Some(before) = old_units.sites.get(key) else { continue };
        let name = unit.site.to_string();
        let (change, message) = match (was.get(key), is.get(key)) {
            (None, Some(by)) => {
                (Change::Unreachable, format!("site {name} is never reached: {by} takes its requests"))
            }
            (Some(by), None) => {
                (Change::Reachable, format!("site {name} is reached again: {by} took its requests before"))
            }
            _ => match (ends(old_units, before), ends(new_units, unit)) {
                (true, false) => (
                    Change::Changed,
                    format!("site {name}: what it leaves unanswered goes on to later routes"),
                ),
                (false, true) => (
                    Change::Changed,
                    format!("site {name}: what it leaves unanswered goes to no later route"),
                ),
                _ => continue,
            },
        };
        let mut effect = super::effect(EffectKind::Site, change, name, message);
        effect.old_place = old.written.unit(old_units, before);
        effect.new_place = new.written.unit(new_units, unit);
        effects.push(effect);
    }
    effects
}

/// Sites that no request reaches, by host and address, with the hosts that take their requests.
fn unreachable(units: &Units) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for (server, range) in &units.servers {
        let entries: Vec<_> = units.entries_of(range).collect();
        for (host, by) in unreachable_hosts(&entries) {
            let by: Vec<&str> =
                by.iter().map(|host| if host.is_empty() { "any host" } else { host }).collect();
            for address in server.addresses() {
                found.insert((host.clone(), address.clone()), by.join(", "));
            }
        }
    }
    found
}

/// Whether a named host's requests stop at this site.
fn ends(units: &Units, unit: &Unit) -> bool {
    let mut entries = unit.entries.iter().map(|&number| &units.entries[number].1);
    unit.site.host.is_empty() || entries.any(Entry::is_terminal)
}
