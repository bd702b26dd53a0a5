//! ACME issuers: those that are used when nobody names one, and what the global options fill into every one of them.

use serde_json::Value;

use crate::compile::Options;
use crate::config::{Fields, Module, duration, integer};
use crate::diagnostics::Code;
use crate::spec::{Fault, Parsed, put};

/// `ZeroSSL`'s directory, the second choice where there is an email address.
const ZEROSSL: &str = "https://acme.zerossl.com/v2/DV90";

/// The issuers that the options name: those of `cert_issuer`, or the internal one for `local_certs`.
pub(super) fn global_issuers(options: &Options) -> Vec<Module> {
    if options.cert_issuers.is_empty() && options.local_certs {
        return vec![issuer("internal")];
    }
    options.cert_issuers.clone()
}

/// Whether an option gives ACME issuers something, other than an email address.
pub(super) fn has_defaults(options: &Options) -> bool {
    options.acme_ca.is_some()
        || options.acme_ca_root.is_some()
        || options.acme_dns.is_some()
        || options.acme_eab.is_some()
        || options.preferred_chains.is_some()
}

/// An issuer without settings.
pub(super) fn issuer(name: &str) -> Module {
    Fields::from_iter([("module".to_owned(), Value::from(name))])
}

/// The ACME issuers for public names when nobody names any.
pub(super) fn default_issuers(email: &str) -> Vec<Module> {
    let mut issuers = vec![issuer("acme")];
    if !email.trim().is_empty() {
        let mut second = issuer("acme");
        second.insert("ca".to_owned(), Value::from(ZEROSSL));
        second.insert("email".to_owned(), Value::from(email));
        issuers.push(second);
    }
    issuers
}

/// The issuers that a site gets from `tls` settings of ACME that name none: the ACME issuers of `cert_issuer`, or else
/// the default ones, with `settings` laid over them.
pub(crate) fn implicit_issuers(options: &Options, settings: &Module) -> Vec<Module> {
    let text = |key: &str| settings.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut bases: Vec<Module> =
        options.cert_issuers.iter().filter(|known| is_acme(known)).cloned().collect();
    if bases.is_empty() {
        bases = default_issuers(text("email"));
    }
    // Who names a directory wants no other.
    if !options.cert_issuers.iter().any(is_acme) && !text("ca").is_empty() {
        bases.truncate(1);
    }
    for base in &mut bases {
        lay_over(base, settings);
    }
    bases
}

pub(super) fn is_acme(issuer: &Module) -> bool {
    issuer.get("module").and_then(Value::as_str) == Some("acme")
}

/// Lays the settings of one ACME issuer over those of another.
fn lay_over(base: &mut Module, settings: &Module) {
    for (key, value) in settings {
        match key.as_str() {
            "trusted_roots_pem_files" => {
                for root in value.as_array().into_iter().flatten() {
                    add_root(base, root.clone());
                }
            }
            "challenges" => match (base.get_mut(key), value) {
                (Some(Value::Object(base)), Value::Object(settings)) => lay_challenges_over(base, settings),
                _ => {
                    base.insert(key.clone(), value.clone());
                }
            },
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

fn lay_challenges_over(base: &mut Fields, settings: &Fields) {
    for (key, value) in settings {
        match (base.get_mut(key), value) {
            (Some(Value::Object(base)), Value::Object(settings)) => {
                base.extend(settings.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            _ => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

fn add_root(issuer: &mut Module, root: Value) {
    let roots = issuer.entry("trusted_roots_pem_files").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(roots) = roots
        && !roots.contains(&root)
    {
        roots.push(root);
    }
}

/// Fills the global options into an ACME issuer where it says nothing itself; other issuers stay as they are.
pub(super) fn fill(issuer: &mut Module, options: &Options) -> Parsed<()> {
    if !is_acme(issuer) {
        return Ok(());
    }
    fill_account(issuer, options);
    fill_dns(issuer, options)?;
    fill_listeners(issuer, options);
    if let Some(lifetime) = options.cert_lifetime.filter(|lifetime| *lifetime != 0) {
        issuer.entry("certificate_lifetime").or_insert_with(|| duration(lifetime));
    }
    let has_dns = options.acme_dns.is_some() || challenge(issuer, "dns/provider").is_some();
    if has_dns
        && !options.tls_resolvers.is_empty()
        && let Some(Value::Object(dns)) = issuer.get_mut("challenges").and_then(|c| c.get_mut("dns"))
    {
        dns.entry("resolvers").or_insert_with(|| Value::from(options.tls_resolvers.clone()));
    }
    Ok(())
}

fn fill_account(issuer: &mut Module, options: &Options) {
    let texts = [("email", &options.email), ("ca", &options.acme_ca)];
    for (key, text) in texts {
        if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
            issuer.entry(key).or_insert_with(|| Value::from(text.as_str()));
        }
    }
    if let Some(root) = &options.acme_ca_root {
        add_root(issuer, Value::from(root.as_str()));
    }
    for (key, value) in
        [("external_account", &options.acme_eab), ("preferred_chains", &options.preferred_chains)]
    {
        if let Some(value) = value {
            issuer.entry(key).or_insert_with(|| value.clone());
        }
    }
}

fn fill_dns(issuer: &mut Module, options: &Options) -> Parsed<()> {
    let Some(acme_dns) = &options.acme_dns else { return Ok(()) };
    if challenge(issuer, "dns/provider").is_some() {
        return Ok(());
    }
    if acme_dns.provider.is_none() && options.dns.is_none() {
        return Err(Fault::new(
            Code::TLS,
            &acme_dns.word,
            "`acme_dns` names no provider, and there is no `dns` option",
        )
        .help("write the provider behind `acme_dns`, or into the option `dns`"));
    }
    allocate(issuer, "challenges/dns");
    if let Some(provider) = &acme_dns.provider {
        put(issuer, "challenges/dns/provider", Some(Value::Object(provider.clone())));
    }
    Ok(())
}

/// Ports and address of the listeners that answer challenges; DNS challenges need none.
fn fill_listeners(issuer: &mut Module, options: &Options) {
    let ports = [("http", options.http_port), ("tls-alpn", options.https_port)];
    for (kind, port) in ports {
        let set = format!("{kind}/alternate_port");
        if let Some(port) = port
            && challenge(issuer, "dns").is_none()
            && challenge(issuer, &set).is_none()
        {
            put(issuer, &format!("challenges/{set}"), (port != 0).then(|| integer(port)));
        }
    }
    let host = options.default_bind.iter().flatten().next().and_then(|bind| bind.addresses.first());
    if let Some(host) = host
        && challenge(issuer, "dns").is_none()
    {
        bind(issuer, host);
    }
}

/// Challenges are answered on the address `host`, unless another has been said before.
pub(super) fn bind(issuer: &mut Module, host: &str) {
    allocate(issuer, "challenges");
    if challenge(issuer, "bind_host").is_none() {
        put(issuer, "challenges/bind_host", (!host.is_empty()).then(|| Value::from(host)));
    }
}

fn allocate(issuer: &mut Module, path: &str) {
    // Setting nothing below makes the objects on the way.
    put(issuer, &format!("{path}/-"), None);
}

/// What is at `path` below `challenges`.
fn challenge<'i>(issuer: &'i Module, path: &str) -> Option<&'i Value> {
    path.split('/').try_fold(issuer.get("challenges")?, |value, key| value.get(key))
}
