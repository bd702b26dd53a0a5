//! TLS connection policies of a server: one for each site that has settings, shields for sites that a wildcard would
//! ask for client certificates, a last one for everybody else, and what is equal joined.

use super::Options;
use super::scope::TlsSetting;
use super::servers::{has_connections, skip_host, uses_other_port};
use super::site::{Site, SiteView};
use crate::config::{ConnectionPolicy, Server};

/// The policies of one server while its sites are gone through.
pub(super) struct Connections {
    policies: Vec<ConnectionPolicy>,
    /// Hosts of the sites that have no settings to speak of.
    plain_hosts: Vec<Vec<String>>,
    has_catch_all: bool,
    qualifies: bool,
    /// Whether automatic HTTPS will add a policy by itself.
    automatic: bool,
    default_sni: String,
    fallback_sni: String,
    http_port: String,
    https_port: String,
}

impl Connections {
    pub(super) fn new(server: &Server, options: &Options) -> Self {
        Self {
            policies: Vec::new(),
            plain_hosts: Vec::new(),
            has_catch_all: false,
            qualifies: false,
            automatic: !server.automatic_https.as_ref().is_some_and(|automatic| automatic.disable),
            default_sni: options.default_sni.clone(),
            fallback_sni: options.fallback_sni.clone(),
            http_port: options.http_port(),
            https_port: options.https_port(),
        }
    }

    /// The policies so far.
    pub(super) fn policies(&self) -> Vec<ConnectionPolicy> {
        self.policies.clone()
    }

    /// Takes in what a site's directives and addresses say.
    pub(super) fn add_site(&mut self, view: &SiteView, sites: &[Site], server: &mut Server) {
        let site = &sites[view.site];
        self.site_policies(view, sites);
        for address in view.addresses(sites) {
            if address.scheme == "http"
                && !address.host.is_empty()
                && uses_other_port(&server.listen, &self.http_port)
            {
                skip_host(server, &address.host);
            }
            let skipped = |host: &String| {
                server.automatic_https.as_ref().is_some_and(|automatic| automatic.skip.contains(host))
            };
            let has_tls = has_connections(site) || (!address.host.is_empty() && !skipped(&address.host));
            self.qualifies |= address.scheme == "https"
                || (address.scheme != "http" && address.port != self.http_port && has_tls);
            self.automatic &= address.port == self.https_port
                || (address.port != self.http_port && !address.host.is_empty());
        }
    }

    fn site_policies(&mut self, view: &SiteView, sites: &[Site]) {
        let site = &sites[view.site];
        let mut hosts = view.hosts(sites);
        if !has_connections(site) {
            let specific: Vec<_> =
                hosts.into_iter().filter(|host| !host.is_empty() && !host.contains('*')).collect();
            if !specific.is_empty() {
                self.plain_hosts.push(specific);
            }
            return;
        }
        let forced =
            site.tls.iter().any(|setting| matches!(setting, TlsSetting::ForceAutomate)) && !hosts.is_empty();
        let own = site.tls.iter().filter_map(|setting| match setting {
            TlsSetting::Connection(policy) => Some(policy.clone()),
            _ => None,
        });
        for mut policy in own {
            // The host that clients without a server name get also answers for the empty name.
            let special =
                hosts.iter().find(|host| **host == self.default_sni || **host == self.fallback_sni).cloned();
            if let Some(host) = special {
                hosts.push(String::new());
                if host == self.default_sni {
                    policy.default_sni.clone_from(&self.default_sni);
                } else {
                    policy.fallback_sni.clone_from(&self.fallback_sni);
                }
            }
            if hosts.is_empty() {
                policy.default_sni.clone_from(&self.default_sni);
                policy.fallback_sni.clone_from(&self.fallback_sni);
            } else {
                hosts.sort();
                policy.names = Some(hosts.clone());
            }
            if forced || !settings_empty(&policy) {
                self.policies.push(policy);
                self.has_catch_all = hosts.is_empty();
            } else if !hosts.is_empty() {
                self.plain_hosts.push(hosts.clone());
            }
        }
    }

    /// Adds shields and the last policy, and joins what is equal. The error says which settings contradict.
    pub(super) fn finish(mut self, server: &mut Server, _options: &Options) -> Result<(), String> {
        self.shield();
        let asked = !self.policies.is_empty()
            || !self.automatic
            || !self.default_sni.is_empty()
            || !self.fallback_sni.is_empty();
        if self.qualifies && !self.has_catch_all && asked {
            self.policies.push(ConnectionPolicy {
                default_sni: self.default_sni,
                fallback_sni: self.fallback_sni,
                ..ConnectionPolicy::default()
            });
        }
        server.tls_connection_policies = consolidate(self.policies)?;
        Ok(())
    }

    /// A host without settings that a wildcard's policy covers would have to show a client certificate; a copy of that
    /// policy without the demand is put before it.
    fn shield(&mut self) {
        let wildcards: Vec<Vec<String>> = self
            .policies
            .iter()
            .map(|policy| match (&policy.client_authentication, &policy.names) {
                (Some(_), Some(names)) => names.iter().filter(|name| name.contains('*')).cloned().collect(),
                _ => Vec::new(),
            })
            .collect();
        let mut shielded: Vec<Vec<String>> = vec![Vec::new(); wildcards.len()];
        for host in self.plain_hosts.iter().flatten() {
            let covers = |names: &Vec<String>| names.iter().any(|name| matches_wildcard(host, name));
            if let Some(index) = wildcards.iter().position(covers) {
                shielded[index].push(host.clone());
            }
        }
        for (index, mut hosts) in shielded.into_iter().enumerate().rev() {
            if hosts.is_empty() {
                continue;
            }
            hosts.sort();
            hosts.dedup();
            let mut shield = self.policies[index].clone();
            shield.client_authentication = None;
            shield.names = Some(hosts);
            self.policies.insert(index, shield);
        }
    }
}

/// Whether a policy says nothing about the connection.
fn settings_empty(policy: &ConnectionPolicy) -> bool {
    *policy
        == ConnectionPolicy {
            names: policy.names.clone(),
            default_sni: policy.default_sni.clone(),
            fallback_sni: policy.fallback_sni.clone(),
            ..ConnectionPolicy::default()
        }
        && policy.default_sni.is_empty()
        && policy.fallback_sni.is_empty()
}

/// Whether `name` is `pattern`, or one of its labels from the left is the pattern's star.
fn matches_wildcard(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.to_lowercase(), pattern.to_lowercase());
    if name == pattern {
        return true;
    }
    if !pattern.contains('*') {
        return false;
    }
    let mut labels: Vec<&str> = name.split('.').collect();
    for index in 0..labels.len() {
        // A star takes the place of each label in turn, from the left, and stays there.
        if labels[index].is_empty() {
            continue;
        }
        labels[index] = "*";
        if labels.join(".") == pattern {
            return true;
        }
    }
    false
}

/// Puts policies without names last, drops doubles, joins neighbours that differ only in their names, and merges those
/// with the same names.
fn consolidate(mut policies: Vec<ConnectionPolicy>) -> Result<Vec<ConnectionPolicy>, String> {
    policies.sort_by_key(|policy| policy.names.is_none());
    let mut i = 0;
    'outer: while i < policies.len() {
        for j in 0..policies.len() {
            if j == i {
                continue;
            }
            let joined = if policies[i] == policies[j] {
                true
            } else if j == i + 1
                && policies[i].names.is_some()
                && policies[j].names.is_some()
                && settings_equal(&policies[i], &policies[j])
            {
                let names = policies[j].names.clone().unwrap_or_default();
                policies[i].names.get_or_insert_default().extend(names);
                true
            } else if policies[i].names == policies[j].names {
                let other = policies[j].clone();
                merge(&mut policies[i], other)?;
                true
            } else {
                false
            };
            if joined {
                policies.remove(j);
                continue 'outer;
            }
        }
        i += 1;
    }
    Ok(policies)
}

fn settings_equal(a: &ConnectionPolicy, b: &ConnectionPolicy) -> bool {
    *a == ConnectionPolicy { names: a.names.clone(), ..b.clone() }
}

/// Fills the settings of `policy` from `other`; an error where both have one and they differ.
fn merge(policy: &mut ConnectionPolicy, other: ConnectionPolicy) -> Result<(), String> {
    if policy.client_authentication.is_none() && other.client_authentication.is_some() {
        return Err(conflict("client authentication"));
    }
    list(&mut policy.alpn, other.alpn, "ALPN protocols")?;
    list(&mut policy.cipher_suites, other.cipher_suites, "cipher suites")?;
    list(&mut policy.curves, other.curves, "curves")?;
    text(&mut policy.default_sni, other.default_sni, "default SNI")?;
    text(&mut policy.fallback_sni, other.fallback_sni, "fallback SNI")?;
    text(&mut policy.protocol_min, other.protocol_min, "oldest TLS versions")?;
    text(&mut policy.protocol_max, other.protocol_max, "newest TLS versions")?;
    match (&mut policy.certificate_selection, other.certificate_selection) {
        (Some(mine), Some(theirs)) => {
            let new: Vec<_> = theirs.any_tag.into_iter().filter(|tag| !mine.any_tag.contains(tag)).collect();
            mine.any_tag.extend(new);
        }
        (mine @ None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
    Ok(())
}

fn conflict(what: &str) -> String {
    format!("two sites with the same name have different {what}")
}

fn list(mine: &mut Vec<String>, theirs: Vec<String>, what: &str) -> Result<(), String> {
    if mine.is_empty() {
        *mine = theirs;
    } else if !theirs.is_empty() && *mine != theirs {
        return Err(conflict(what));
    }
    Ok(())
}

fn text(mine: &mut String, theirs: String, what: &str) -> Result<(), String> {
    if mine.is_empty() {
        *mine = theirs;
    } else if !theirs.is_empty() && *mine != theirs {
        return Err(conflict(what));
    }
    Ok(())
}
