//! ACME issuers: what the global options fill into every one of them.

use crate::config::{Module, Value, duration, integer};
use crate::diagnostics::Code;
use crate::lower::Options;
use crate::lower::issuers::{add_root, is_acme, issuer};
use crate::spec::{Fault, Parsed, put};
use crate::version::Change;

/// The issuers that the options name: those of `cert_issuer`, or the internal one for `local_certs`.
pub(super) fn global_issuers(options: &Options) -> Vec<Module> {
    if options.cert_issuers.is_empty() && options.local_certs {
        return vec![issuer("internal")];
    }
    options.cert_issuers.clone()
}

/// How many issuers the options name.
pub(super) fn count_global_issuers(options: &Options) -> usize {
    if options.cert_issuers.is_empty() {
        usize::from(options.local_certs)
    } else {
        options.cert_issuers.len()
    }
}

/// Whether [`fill`] could change an issuer.
pub(super) fn can_fill(options: &Options) -> bool {
    has_defaults(options)
        || options.email.is_some()
        || options.cert_lifetime.is_some()
        || options.http_port.is_some()
        || options.https_port.is_some()
        || options.default_bind.is_some()
        || !options.tls_resolvers.is_empty()
}

/// Whether an option gives ACME issuers something, other than an email address.
pub(super) fn has_defaults(options: &Options) -> bool {
    options.acme_ca.is_some()
        || options.acme_ca_root.is_some()
        || options.acme_dns.is_some()
        || options.acme_eab.is_some()
        || options.preferred_chains.is_some()
}

/// Fills the global options into an ACME issuer where it says nothing itself; other issuers stay as they are.
pub(super) fn fill(issuer: &mut Module, options: &Options) -> Parsed<()> {
    if !is_acme(issuer, options.version) {
        return Ok(());
    }
    fill_account(issuer, options);
    fill_dns(issuer, options)?;
    fill_listeners(issuer, options);
    if let Some(lifetime) = options.cert_lifetime.filter(|lifetime| *lifetime != 0) {
        issuer.insert_if_missing("certificate_lifetime", || duration(lifetime));
    }
    let has_dns = options.acme_dns.is_some() || challenge(issuer, "dns/provider").is_some();
    if has_dns
        && !options.tls_resolvers.is_empty()
        && let Some(Value::Object(dns)) = issuer.get_mut("challenges").and_then(|c| c.get_mut("dns"))
    {
        dns.insert_if_missing("resolvers", || Value::from(options.tls_resolvers.clone()));
    }
    Ok(())
}

fn fill_account(issuer: &mut Module, options: &Options) {
    let texts = [("email", &options.email), ("ca", &options.acme_ca)];
    for (key, text) in texts {
        if let Some(text) = text.as_ref().filter(|text| !text.is_empty()) {
            issuer.insert_if_missing(key, || Value::from(text.as_str()));
        }
    }
    if let Some(root) = &options.acme_ca_root {
        add_root(issuer, Value::from(root.as_str()));
    }
    for (key, value) in
        [("external_account", &options.acme_eab), ("preferred_chains", &options.preferred_chains)]
    {
        if let Some(value) = value {
            issuer.insert_if_missing(key, || value.clone());
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
            "`acme_dns` has no provider, and the `dns` option is not set",
        )
        .help("write the provider after `acme_dns`, or set the option `dns`"));
    }
    allocate(issuer, "challenges/dns");
    if let Some(provider) = &acme_dns.provider {
        put(issuer, "challenges/dns/provider", Some(Value::Object(provider.clone())));
    }
    Ok(())
}

/// Ports and address of the listeners that answer challenges; DNS challenges need none.
fn fill_listeners(issuer: &mut Module, options: &Options) {
    if !options.version.has(Change::IssuerPorts) {
        return;
    }
    let spares_dns = options.version.has(Change::DnsChallengesWithoutPorts);
    let ports = [("http", options.http_port), ("tls-alpn", options.https_port)];
    for (kind, port) in ports {
        let set = format!("{kind}/alternate_port");
        if let Some(port) = port
            && (challenge(issuer, "dns").is_none() || !spares_dns)
            && challenge(issuer, &set).is_none()
        {
            put(issuer, &format!("challenges/{set}"), (port != 0).then(|| integer(port)));
        }
    }
    let host = options.default_bind.iter().flatten().next().and_then(|bind| bind.addresses.first());
    if let Some(host) = host
        && challenge(issuer, "dns").is_none()
        && options.version.has(Change::DefaultBindChallenges)
    {
        bind(issuer, host);
    }
}

/// Challenges are answered on the address `host`, unless another has been given before.
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
