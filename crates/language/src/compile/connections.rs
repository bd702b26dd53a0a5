//! TLS connection policies of a server: one for each site that has settings, shields for sites that a wildcard would
//! ask for client certificates, a last one for everybody else, and what is equal joined.

mod consolidate;
mod shield;

use ecow::EcoString;
use rustc_hash::FxHashSet;

use super::servers::{has_connections, skip_host, uses_other_port};
use super::site::{Site, SiteView};
use crate::config::{ConnectionPolicy, Server};
use crate::lower::{Options, TlsSetting};
use crate::spec::Parsed;
use crate::syntax::Word;
use crate::version::{Change, Version};

/// A policy: its place in the list of all.
pub(super) type PolicyId = usize;

/// The policies of all servers. Before 2.11.8, a site on several servers has one policy for all of them, and its names are those
/// on the last server, as in Caddy.
#[derive(Debug, Default)]
#[expect(clippy::vec_box, reason = "they are boxed already, and large")]
pub(super) struct Policies {
    all: Vec<Box<ConnectionPolicy>>,
    /// The first address of the site that each is for.
    words: Vec<Option<Word>>,
    /// Those of each site's directives, by the site's index.
    of_site: Vec<Vec<PolicyId>>,
}

impl Policies {
    /// Takes the policies that the sites' directives ask for, without names, out of the sites.
    pub(super) fn new(sites: &mut [Site]) -> Self {
        let mut policies = Self::default();
        for site in sites {
            let mut own = Vec::new();
            for setting in &mut site.tls {
                if let TlsSetting::Connection(policy) = setting
                    && let Some(policy) = policy.take()
                {
                    own.push(policies.add(policy, site.keys.first().cloned()));
                }
            }
            policies.of_site.push(own);
        }
        policies
    }

    fn add(&mut self, policy: Box<ConnectionPolicy>, word: Option<Word>) -> PolicyId {
        self.all.push(policy);
        self.words.push(word);
        self.all.len() - 1
    }

    /// The policies of each server, once all servers are done.
    pub(super) fn of_servers(mut self, servers: &[Vec<PolicyId>]) -> Vec<Vec<ConnectionPolicy>> {
        let mut uses = vec![0_usize; self.all.len()];
        servers.iter().flatten().for_each(|id| uses[*id] += 1);
        let mut policy = |id: &PolicyId| {
            uses[*id] -= 1;
            if uses[*id] == 0 { *std::mem::take(&mut self.all[*id]) } else { (*self.all[*id]).clone() }
        };
        servers.iter().map(|ids| ids.iter().map(&mut policy).collect()).collect()
    }
}

/// The policies of one server while its sites are gone through.
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact about the server's sites")]
pub(super) struct Connections<'a> {
    policies: &'a mut Policies,
    order: Vec<PolicyId>,
    /// Hosts of the sites that have no settings to speak of.
    plain_hosts: Vec<&'a EcoString>,
    /// Whether a site has a policy for each of its listeners, rather than one for all.
    each_alone: bool,
    /// The Caddy that reads the file.
    version: Version,
    has_catch_all: bool,
    qualifies: bool,
    /// Whether automatic HTTPS will add a policy by itself.
    automatic: bool,
    /// Whether the server listens on more than the HTTP port.
    beyond_http: bool,
    skipped: FxHashSet<EcoString>,
    default_sni: &'a str,
    fallback_sni: &'a str,
    http_port: String,
    https_port: String,
}

impl<'a> Connections<'a> {
    pub(super) fn new(policies: &'a mut Policies, server: &Server, options: &'a Options) -> Self {
        let http_port = options.http_port();
        Self {
            policies,
            order: Vec::new(),
            plain_hosts: Vec::new(),
            each_alone: options.version.has(Change::PoliciesPerListener),
            version: options.version,
            has_catch_all: false,
            qualifies: false,
            automatic: !server.automatic_https.as_ref().is_some_and(|automatic| automatic.disable),
            beyond_http: uses_other_port(&server.listen, &http_port),
            skipped: FxHashSet::default(),
            default_sni: &options.default_sni,
            fallback_sni: &options.fallback_sni,
            http_port,
            https_port: options.https_port(),
        }
    }

    /// Whether no site has asked for a policy so far.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Takes in what a site's directives and addresses say.
    pub(super) fn add_site(&mut self, view: &SiteView, sites: &'a [Site], server: &mut Server) {
        let site = &sites[view.site];
        self.site_policies(view, sites);
        for address in view.addresses(sites) {
            let has_host = !address.host.is_empty();
            if address.scheme == "http"
                && has_host
                && self.beyond_http
                && self.skipped.insert(address.host.clone())
            {
                skip_host(server, &address.host);
            }
            let may_qualify = self.version.has(Change::HostsQualify) || server.automatic_https.is_some();
            let has_tls =
                has_connections(site) || (has_host && may_qualify && !self.skipped.contains(&address.host));
            let has_tls = if self.version.has(Change::TlsBySettings) { has_tls } else { has_host };
            self.qualifies |= address.scheme == "https"
                || (address.scheme != "http" && address.port != self.http_port && has_tls);
            self.automatic &= address.port == self.https_port || (address.port != self.http_port && has_host);
        }
    }

    fn site_policies(&mut self, view: &SiteView, sites: &'a [Site]) {
        let site = &sites[view.site];
        // A site that answers for every host has none of its own.
        let is_catch_all = view.is_catch_all(sites);
        let own = || view.addresses(sites).filter(|_| !is_catch_all);
        if !has_connections(site) {
            let plain = own().filter(|address| !address.specificity.is_wildcard);
            self.plain_hosts.extend(plain.map(|address| &address.host));
            return;
        }
        let mut hosts = view.hosts(sites);
        let forced =
            site.tls.iter().any(|setting| matches!(setting, TlsSetting::ForceAutomate)) && !hosts.is_empty();
        for mut id in self.policies.of_site[view.site].clone() {
            if self.each_alone {
                let word = self.policies.words[id].clone();
                id = self.policies.add(self.policies.all[id].clone(), word);
            }
            let policy = &mut self.policies.all[id];
            // The host that clients without a server name get also answers for the empty name.
            let special =
                hosts.iter().find(|host| *host == self.default_sni || *host == self.fallback_sni).cloned();
            if let Some(host) = special {
                hosts.push(EcoString::new());
                if host == self.default_sni {
                    self.default_sni.clone_into(&mut policy.default_sni);
                } else {
                    self.fallback_sni.clone_into(&mut policy.fallback_sni);
                }
            }
            if hosts.is_empty() {
                self.default_sni.clone_into(&mut policy.default_sni);
                self.fallback_sni.clone_into(&mut policy.fallback_sni);
            } else {
                hosts.sort();
                policy.names = Some(hosts.clone());
            }
            if forced || !is_empty(policy) {
                self.order.push(id);
                self.has_catch_all = hosts.is_empty();
            } else {
                self.plain_hosts.extend(own().map(|address| &address.host));
            }
        }
    }

    /// Adds shields and the last policy, and joins what is equal.
    pub(super) fn finish(mut self) -> Parsed<Vec<PolicyId>> {
        if self.version.has(Change::WildcardShield) {
            self.shield();
        }
        let asked = !self.order.is_empty()
            || !self.automatic
            || !self.default_sni.is_empty()
            || !self.fallback_sni.is_empty();
        if self.qualifies && !self.has_catch_all && asked {
            let last = ConnectionPolicy {
                default_sni: self.default_sni.to_owned(),
                fallback_sni: self.fallback_sni.to_owned(),
                ..ConnectionPolicy::default()
            };
            self.order.push(self.policies.add(Box::new(last), None));
        }
        consolidate::consolidate(self.policies, self.order, self.version)
    }
}

/// Whether a policy says nothing about the connection but its names.
fn is_empty(policy: &mut ConnectionPolicy) -> bool {
    let names = std::mem::take(&mut policy.names);
    let is_empty = *policy == ConnectionPolicy::default();
    policy.names = names;
    is_empty
}
