//! The automation policies that sites ask for.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::FxHashMap;
use thin_vec::{ThinVec, thin_vec};

use super::acme;
use super::policy::{IssuerId, Policy};
use super::subject::wildcards;
use crate::compile::listeners::Pairing;
use crate::compile::servers::uses_other_port;
use crate::compile::site::{Site, SiteView};
use crate::config::{LoadFile, Module};
use crate::diagnostics::{Code, braces};
use crate::lower::{Options, TlsSetting, issuers};
use crate::spec::{Fault, Parsed};

/// The policies of all sites while they are gone through.
pub(super) struct Policies<'a> {
    sites: &'a [Site],
    options: &'a Options,
    http_port: String,
    /// Every issuer; the options' own come first.
    pub(super) issuers: Vec<Arc<Module>>,
    /// Those of a site's directives, by the site's index.
    site_issuers: FxHashMap<usize, ThinVec<IssuerId>>,
    /// Every policy.
    pub(super) all: Vec<Policy>,
    /// The policies in order; the catch-all one may stand here several times.
    pub(super) order: Vec<usize>,
    catch_all: Option<usize>,
    /// Names that are managed whatever covers them.
    pub(super) forced: BTreeSet<EcoString>,
    pub(super) load_files: Vec<LoadFile>,
    pub(super) load_folders: Vec<String>,
    /// What is at fault in sites, which are passed over.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Policies<'a> {
    /// Starts with the policy that the options make for every name.
    pub(super) fn new(sites: &'a [Site], options: &'a Options) -> Parsed<Self> {
        let mut policies = Self {
            sites,
            options,
            http_port: options.http_port(),
            issuers: acme::global_issuers(options).into_iter().map(Arc::new).collect(),
            site_issuers: FxHashMap::default(),
            all: Vec::new(),
            order: Vec::new(),
            catch_all: None,
            forced: BTreeSet::new(),
            load_files: Vec::new(),
            load_folders: Vec::new(),
            faults: Vec::new(),
        };
        if Policy::has_base(options) {
            let base = policies.base()?;
            policies.catch_all = Some(policies.add(base));
            policies.order.extend(policies.catch_all);
        }
        Ok(policies)
    }

    /// Whether a policy so far has a name that is `name` or a wildcard for it.
    pub(super) fn cover(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        let subjects = || self.order.iter().flat_map(|id| &self.all[*id].subjects);
        let has = |wanted: &str| subjects().any(|subject| subject.name.to_lowercase() == wanted);
        let mut covered = has(&name);
        wildcards(&name, usize::MAX, &mut String::new(), |wildcard| covered |= has(wildcard));
        covered
    }

    /// A new policy with what the options say.
    pub(super) fn base(&mut self) -> Parsed<Policy> {
        Policy::base(self.options, &mut self.issuers)
    }

    /// Adds a policy, without a place in the order.
    pub(super) fn add(&mut self, policy: Policy) -> usize {
        self.all.push(policy);
        self.all.len() - 1
    }

    /// The policies in order.
    pub(super) fn ordered(mut self) -> Vec<Policy> {
        let take = |id: usize| {
            let policy = &mut self.all[id];
            if self.catch_all == Some(id) { policy.clone() } else { std::mem::take(policy) }
        };
        self.order.into_iter().map(take).collect()
    }

    /// Adds the policies of the sites of a server. A server for plain HTTP alone has none.
    pub(super) fn add_server(&mut self, pairing: &Pairing) {
        let listeners: Vec<String> = pairing.addresses.iter().map(|(address, _)| address.clone()).collect();
        if !uses_other_port(&listeners, &self.http_port) {
            return;
        }
        for view in &pairing.sites {
            if !view.is_all_http(self.sites)
                && let Err(fault) = self.add_site(view)
            {
                self.faults.push(fault);
            }
        }
    }

    fn add_site(&mut self, view: &SiteView) -> Parsed<()> {
        let site = &self.sites[view.site];
        let is_catch_all = view.is_catch_all(self.sites);
        let base = self.base()?;
        let id = match self.catch_all {
            Some(catch_all) if is_catch_all => catch_all,
            _ => self.add(base),
        };
        self.settings(id, view)?;
        self.bind(id, site);
        if is_catch_all && self.catch_all.is_none() {
            self.catch_all = Some(id);
        }
        self.all[id].subjects = view.subjects(self.sites, &self.http_port);
        let internal = if self.all[id].issuers.is_empty() { self.split_internal(id, view) } else { None };
        self.order.push(id);
        self.order.extend(internal);
        self.load(site);
        Ok(())
    }

    /// Takes over what the site's directives say.
    fn settings(&mut self, id: usize, view: &SiteView) -> Parsed<()> {
        let site = &self.sites[view.site];
        let mut own = Vec::new();
        let mut key_type = None;
        let mut ratio = None;
        let policy = &mut self.all[id];
        for setting in &site.tls {
            match setting {
                TlsSetting::OnDemand => policy.on_demand = true,
                TlsSetting::ForceAutomate => self.forced.extend(view.hosts(self.sites)),
                TlsSetting::ReusePrivateKeys => policy.reuse_private_keys = true,
                TlsSetting::KeyType(text) => {
                    key_type.get_or_insert(text);
                }
                TlsSetting::RenewalWindowRatio(share) => {
                    ratio.get_or_insert(*share);
                }
                TlsSetting::Issuer(issuer) => own.push(issuer),
                TlsSetting::Manager(manager) => policy.managers.push(manager.clone()),
                TlsSetting::Connection(_) | TlsSetting::LoadFile(_) | TlsSetting::LoadFolders(_) => {}
            }
        }
        if let Some(text) = key_type {
            policy.key_type = text.into();
        }
        if let Some(share) = ratio.or(self.options.renewal_window_ratio) {
            policy.renewal_window_ratio = share;
        }
        if own.is_empty() {
            return Ok(());
        }
        // A site on several servers has the same issuers on each.
        let issuers = &mut self.issuers;
        let ids = self.site_issuers.entry(view.site).or_insert_with(|| {
            let first = issuers.len();
            issuers.extend(own.into_iter().map(Arc::clone));
            (first..issuers.len()).collect()
        });
        if self.catch_all == Some(id) {
            let known = policy.issuers.iter().map(|id| &self.issuers[*id]);
            if !known.eq(ids.iter().map(|id| &self.issuers[*id])) {
                return Err(conflict(view, site));
            }
        }
        policy.issuers.clone_from(ids);
        Ok(())
    }

    /// ACME issuers answer their challenges where the site listens.
    fn bind(&mut self, id: usize, site: &Site) {
        for bind in &site.binds {
            for issuer in &self.all[id].issuers {
                let issuer = Arc::make_mut(&mut self.issuers[*issuer]);
                if issuers::is_acme(issuer, self.options.version) {
                    acme::bind(issuer, bind.addresses.first().map_or("", String::as_str));
                }
            }
        }
    }

    /// Where public and internal names stand together and nobody names an issuer, the internal ones get a policy of
    /// their own with the internal issuer.
    fn split_internal(&mut self, id: usize, view: &SiteView) -> Option<usize> {
        let Policy { subjects, on_demand, .. } = &self.all[id];
        let own = || subjects.iter().filter(|subject| !subject.kind.is_tailscale);
        for subject in own().filter(|subject| !subject.kind.qualifies) {
            self.faults.push(unqualified(view, self.sites, &subject.name));
        }
        let of_kind = |public: bool| {
            own().filter(move |subject| subject.kind.qualifies && subject.is_public(*on_demand) == public)
        };
        if of_kind(true).next().is_none() || of_kind(false).next().is_none() {
            return None;
        }
        let (public, internal) = (of_kind(true).cloned().collect(), of_kind(false).cloned().collect());
        self.all[id].subjects = public;
        let second = Policy {
            subjects: internal,
            written: thin_vec![Arc::new(issuers::issuer("internal"))],
            ..self.all[id].clone()
        };
        Some(self.add(second))
    }

    fn load(&mut self, site: &Site) {
        for setting in &site.tls {
            match setting {
                TlsSetting::LoadFile(file) => self.load_files.push(file.clone()),
                TlsSetting::LoadFolders(folders) => self.load_folders.extend(folders.iter().cloned()),
                _ => {}
            }
        }
    }
}

fn conflict(view: &SiteView, site: &Site) -> Fault {
    let word = view.keys().next().map(|key| site.keys[key].clone()).unwrap_or_default();
    Fault::new(
        Code::TLS,
        &word,
        "this site has no host, so its issuers apply to every name, but other issuers are already set",
    )
    .help("give the same issuers in every site without a host, or name the hosts")
}

fn unqualified(view: &SiteView, sites: &[Site], name: &str) -> Fault {
    let site = &sites[view.site];
    let key = view.keys().find(|key| site.addresses[*key].host == name);
    let word = key.map(|key| site.keys[key].clone()).unwrap_or_default();
    if name == "}" {
        return Fault::at(&word, braces::extra(word.span));
    }
    let fault = Fault::new(Code::TLS, &word, format!("`{name}` cannot have a certificate"));
    if name.contains('{') {
        return fault.help("Caddy does not replace placeholders here: write `{$NAME}` for an environment variable, or `http://` before the address");
    }
    if name.contains('*') {
        return fault.help("a star replaces whole labels from the left: `*.example.com`");
    }
    fault
        .help("write a host name such as `www.example.com`, or `http://` before the address if it needs none")
}
