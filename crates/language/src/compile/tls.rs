//! The TLS app: automation policies of the sites, merged and sorted as Caddy does, and everything else that options and
//! directives say about certificates.

mod acme;
mod consolidate;
mod names;
mod policy;
mod shadow;
mod sites;
mod subject;

use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};
use thin_vec::thin_vec;

use self::policy::Policy;
use self::sites::Policies;
use super::listeners::Pairing;
use super::site::Site;
use crate::config::{Automation, AutomationPolicy, Certificates, Module, TlsApp, is_zero};
use crate::diagnostics::Code;
use crate::lower::{Options, State, issuers};
use crate::spec::{Fault, Parsed};
use crate::syntax::Word;
use crate::version::Change;

pub(super) use self::subject::{Kind, Subject, lower, wildcards};

/// The TLS app; `None` when nothing is configured. What is at fault in sites is reported.
pub(super) fn build(
    pairings: &[Pairing],
    sites: &[Site],
    options: &Options,
    state: &mut State,
) -> Parsed<Option<TlsApp>> {
    let next_to_hostless = names::next_to_hostless(pairings, sites, options);
    let mut policies = Policies::new(sites, options)?;
    for pairing in pairings {
        policies.add_server(pairing);
    }
    for fault in std::mem::take(&mut policies.faults) {
        state.report_once(fault);
    }
    if let Some(ech) = &options.ech {
        // The outer names need certificates too.
        let spares_covered = options.version.has(Change::EchSparesSites);
        let mut policy = policies.base()?;
        policy.subjects = ech
            .configs
            .iter()
            .map(|c| EcoString::from(c.public_name.as_str()))
            .filter(|name| !name.is_empty())
            .filter(|name| !spares_covered || !policies.cover(name))
            .map(Subject::of)
            .collect();
        if !policy.subjects.is_empty() || !spares_covered {
            let id = policies.add(policy);
            policies.order.push(id);
        }
    }
    let without_site = names::without_site(sites, options);
    let public: Vec<Subject> = without_site
        .iter()
        .filter(|name| subject::qualifies_for_public(name))
        .cloned()
        .map(Subject::of)
        .collect();
    // Without an email address these names have the default policy.
    if !public.is_empty() && options.email.is_some() {
        let policy = Policy { subjects: public, ..policies.base()? };
        let id = policies.add(policy);
        policies.order.push(id);
    }
    let forced = std::mem::take(&mut policies.forced);
    let (automate, internal) = names::automated(next_to_hostless, forced, &without_site, options);
    if !internal.is_empty() {
        let written = thin_vec![Arc::new(issuers::issuer("internal"))];
        let id = policies.add(Policy {
            subjects: internal.into_iter().map(Subject::of).collect(),
            written,
            ..Policy::default()
        });
        policies.order.push(id);
    }
    let certificates = Certificates {
        automate,
        load_files: std::mem::take(&mut policies.load_files),
        load_folders: std::mem::take(&mut policies.load_folders),
    };
    let automation = Automation {
        policies: finish(policies, sites, options, state)?,
        on_demand: options.on_demand_tls.clone(),
        ocsp_interval: options.ocsp_interval,
        renew_interval: options.renew_interval,
        storage_clean_interval: options.storage_clean_interval,
    };
    let app = TlsApp {
        certificates,
        automation: (!is_zero(&automation)).then_some(automation),
        disable_ocsp_stapling: options.ocsp_stapling_off,
        disable_storage_check: options.storage_check_off,
        disable_storage_clean: options.storage_clean_off,
        encrypted_client_hello: options.ech.clone(),
        dns: options.dns.clone(),
        resolvers: options.tls_resolvers.clone(),
    };
    Ok((!is_zero(&app)).then_some(app))
}

/// Fills the global options into all issuers, and joins what can be joined.
fn finish(
    mut policies: Policies,
    sites: &[Site],
    options: &Options,
    state: &State,
) -> Parsed<Vec<AutomationPolicy>> {
    let filled = if acme::can_fill(options) { policies.order.as_slice() } else { &[] };
    for policy in filled.iter().map(|id| &policies.all[*id]) {
        for id in &policy.issuers {
            let issuer = &mut policies.issuers[*id];
            let mut filled = Module::clone(issuer);
            acme::fill(&mut filled, options)?;
            // Most stay as they are, and are shared with the site.
            if filled != **issuer {
                *issuer = Arc::new(filled);
            }
        }
    }
    if options.email.is_some() || acme::has_defaults(options) {
        default_issuers(&mut policies, options)?;
    }
    for policy in policies.all.iter_mut().filter(|policy| policy.written.is_empty()) {
        policy.written = policy.issuers.iter().map(|id| Arc::clone(&policies.issuers[*id])).collect();
    }
    let ordered = policies.ordered();
    let (joined, are_distinct) = consolidate::consolidate(ordered, options.version);
    // A name of two sites is managed twice, but that is not their fault.
    if !are_distinct && !state.has_failed_with(&[Code::AMBIGUOUS_SITE]) {
        refuse_doubles(&joined, sites, options)?;
    }
    Ok(joined.into_iter().map(Policy::finish).collect())
}

/// Policies for public names get ACME issuers with what the options say. They all are the same ones.
fn default_issuers(policies: &mut Policies, options: &Options) -> Parsed<()> {
    let mut issuers = issuers::default_issuers(options.email.as_deref().unwrap_or_default(), options.version);
    if let Some(ca) = &options.acme_ca {
        let is_zerossl = ca.contains("zerossl") && !options.version.has(Change::ZeroSslAsAcme);
        issuers = vec![issuers::issuer(if is_zerossl { "zerossl" } else { "acme" })];
    }
    let mut filled: Vec<Arc<Module>> = Vec::new();
    for id in policies.order.clone() {
        let policy = &policies.all[id];
        let all_public = policy
            .subjects
            .iter()
            .all(|subject| subject.is_public(policy.on_demand) && !subject.kind.is_tailscale);
        if !policy.issuers.is_empty() || !all_public {
            continue;
        }
        if filled.is_empty() {
            issuers.iter_mut().try_for_each(|issuer| acme::fill(issuer, options))?;
            filled = issuers.drain(..).map(Arc::new).collect();
        }
        // Numbers of its own, which distinguish the policy from others with the same settings.
        let first = policies.issuers.len();
        policies.issuers.extend(filled.iter().cloned());
        policies.all[id].issuers = (first..policies.issuers.len()).collect();
    }
    Ok(())
}

/// A name in two policies.
fn refuse_doubles(policies: &[Policy], sites: &[Site], options: &Options) -> Parsed<()> {
    let mut seen = FxHashSet::default();
    let Some(name) = policies
        .iter()
        .flat_map(|policy| &policy.subjects)
        .map(|subject| &subject.name)
        .find(|name| !seen.insert(*name))
    else {
        return Ok(());
    };
    let words = words(sites, options);
    let places = words.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
    let last = places.last().map(|word| (*word).clone()).unwrap_or_default();
    let fault = Fault::new(
        Code::TLS,
        &last,
        format!("the certificate of `{name}` is managed in two contradicting ways"),
    )
    .help("give the same `tls` settings wherever the name is used, or put its sites together");
    Err(match places {
        [first, .., _] => fault.also(first, "the other one"),
        _ => fault,
    })
}

/// The words that bring each name.
fn words<'a>(sites: &'a [Site], options: &'a Options) -> FxHashMap<&'a str, Vec<&'a Word>> {
    let mut words: FxHashMap<&str, Vec<&Word>> = FxHashMap::default();
    for word in &options.ech_words {
        words.entry(&word.text).or_default().push(word);
    }
    for site in sites {
        for (address, word) in site.addresses.iter().zip(&site.keys) {
            words.entry(&address.host).or_default().push(word);
        }
    }
    words
}
