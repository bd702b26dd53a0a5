//! Shields: a host without settings that a wildcard's policy covers would have to show a client certificate. A copy of
//! that policy without the demand is put before it.

use ecow::EcoString;
use rustc_hash::FxHashMap;

use super::Connections;
use crate::compile::tls;

impl Connections<'_> {
    pub(super) fn shield(&mut self) {
        let mut wildcards: FxHashMap<EcoString, usize> = FxHashMap::default();
        let mut room = String::new();
        for (place, id) in self.order.iter().enumerate() {
            let policy = &self.policies.all[*id];
            if policy.client_authentication.is_none() {
                continue;
            }
            for name in policy.names.iter().flatten().filter(|name| name.contains('*')) {
                // The first policy that covers a name is the one that it gets.
                wildcards.entry(name.to_lowercase()).or_insert(place);
            }
        }
        if wildcards.is_empty() {
            return;
        }
        let mut shielded: Vec<Vec<EcoString>> = vec![Vec::new(); self.order.len()];
        for host in &self.plain_hosts {
            let host_name = tls::lower(host);
            let mut covered = wildcards.get(&*host_name).copied();
            tls::wildcards(&host_name, usize::MAX, &mut room, |name| {
                let places = covered.into_iter().chain(wildcards.get(name).copied());
                covered = places.min();
            });
            if let Some(place) = covered {
                shielded[place].push(EcoString::clone(host));
            }
        }
        let mut order = Vec::with_capacity(self.order.len());
        for (id, mut hosts) in std::mem::take(&mut self.order).into_iter().zip(shielded) {
            if !hosts.is_empty() {
                hosts.sort();
                hosts.dedup();
                let mut shield = self.policies.all[id].clone();
                shield.client_authentication = None;
                shield.names = Some(hosts);
                let word = self.policies.words[id].clone();
                order.push(self.policies.add(shield, word));
            }
            order.push(id);
        }
        self.order = order;
    }
}
