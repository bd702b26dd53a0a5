//! ACME issuers that nobody names: the default ones, and those that settings without an issuer are laid over.

use super::Options;
use crate::config::{Fields, Module, Value};
use crate::version::{Change, Version};

/// `ZeroSSL`'s directory, the second choice where there is an email address.
const ZEROSSL: &str = "https://acme.zerossl.com/v2/DV90";

/// An issuer without settings.
pub(crate) fn issuer(name: &str) -> Module {
    Fields::from_iter([("module".to_owned(), Value::from(name))])
}

/// The ACME issuers for public names when nobody names any.
pub(crate) fn default_issuers(email: &str, version: Version) -> Vec<Module> {
    let mut issuers = vec![issuer("acme")];
    // Before 2.8.4, ZeroSSL has a module of its own, with or without an email address.
    if !version.has(Change::ZeroSslAsAcme) {
        issuers.push(issuer("zerossl"));
        return issuers;
    }
    if !email.trim().is_empty() {
        let mut second = issuer("acme");
        second.insert("ca", ZEROSSL);
        second.insert("email", email);
        issuers.push(second);
    }
    issuers
}

/// The issuers that a site gets from `tls` settings of ACME that name none: the ACME issuers of `cert_issuer`, or else
/// the default ones, with `settings` laid over them.
pub(crate) fn implicit_issuers(options: &Options, settings: &Module) -> Vec<Module> {
    let text = |key: &str| settings.get(key).and_then(Value::as_str).unwrap_or_default();
    if !options.version.has(Change::AcmeSettingsLaidOver) {
        let mut issuers = default_issuers(text("email"), options.version);
        if !text("ca").is_empty() {
            issuers.truncate(1);
        }
        for issuer in &mut issuers {
            let own = issuer.get("ca").cloned().filter(|_| text("ca").is_empty());
            lay_over(issuer, settings);
            if let Some(own) = own {
                issuer.insert("ca", own);
            }
        }
        return issuers;
    }
    let mut bases: Vec<Module> =
        options.cert_issuers.iter().filter(|known| is_acme(known, options.version)).cloned().collect();
    if bases.is_empty() {
        bases = default_issuers(text("email"), options.version);
    }
    // Who names a directory wants no other.
    if !options.cert_issuers.iter().any(|known| is_acme(known, options.version)) && !text("ca").is_empty() {
        bases.truncate(1);
    }
    for base in &mut bases {
        lay_over(base, settings);
    }
    bases
}

pub(crate) fn is_acme(issuer: &Module, version: Version) -> bool {
    match issuer.get("module").and_then(Value::as_str) {
        Some("acme") => true,
        Some("zerossl") => !version.has(Change::ZeroSslAsAcme),
        _ => false,
    }
}

/// Lays the settings of one ACME issuer over those of another.
fn lay_over(base: &mut Module, settings: &Module) {
    for (key, value) in settings {
        match key {
            "trusted_roots_pem_files" => {
                for root in value.as_array().into_iter().flatten() {
                    add_root(base, root.clone());
                }
            }
            "challenges" => match (base.get_mut(key), value) {
                (Some(Value::Object(base)), Value::Object(settings)) => lay_challenges_over(base, settings),
                _ => {
                    base.insert(key, value.clone());
                }
            },
            _ => {
                base.insert(key, value.clone());
            }
        }
    }
}

fn lay_challenges_over(base: &mut Fields, settings: &Fields) {
    for (key, value) in settings {
        match (base.get_mut(key), value) {
            (Some(Value::Object(base)), Value::Object(settings)) => {
                base.extend(settings.iter().map(|(key, value)| (key, value.clone())));
            }
            _ => {
                base.insert(key, value.clone());
            }
        }
    }
}

pub(crate) fn add_root(issuer: &mut Module, root: Value) {
    let roots = issuer.entry("trusted_roots_pem_files");
    if !roots.as_array().is_some_and(|known| known.contains(&root)) {
        roots.push(root);
    }
}
