//! Names whose certificates are managed though automatic HTTPS would not see them.

use std::collections::BTreeSet;

use ecow::EcoString;
use rustc_hash::FxHashSet;

use super::subject;
use crate::compile::listeners::Pairing;
use crate::compile::site::Site;
use crate::lower::Options;

/// Names that share a site with an address without host. Routes match every host there, so automatic HTTPS does not
/// learn these names from them.
pub(super) fn next_to_hostless(
    pairings: &[Pairing],
    sites: &[Site],
    options: &Options,
) -> BTreeSet<EcoString> {
    let mut names = BTreeSet::new();
    if has(options, "off") {
        return names;
    }
    let http_port = options.http_port();
    for view in pairings.iter().flat_map(|pairing| &pairing.sites) {
        if !view.is_catch_all(sites) {
            continue;
        }
        let others = view
            .addresses(sites)
            .filter(|other| !other.host.is_empty() && other.scheme != "http" && other.port != http_port);
        names.extend(others.map(|other| other.host.clone()));
    }
    names
}

/// The names of `tls_automate_names` that no site with certificates has, as written.
pub(super) fn without_site(sites: &[Site], options: &Options) -> Vec<EcoString> {
    let http_port = options.http_port();
    let addresses = sites.iter().flat_map(|site| &site.addresses);
    let encrypted = addresses.filter(|address| address.scheme != "http" && address.port != http_port);
    let hosts: FxHashSet<&EcoString> = if options.tls_automate_names.is_empty() {
        FxHashSet::default()
    } else {
        encrypted.map(|address| &address.host).collect()
    };
    options.tls_automate_names.iter().filter(|name| !hosts.contains(name)).cloned().collect()
}

/// All names that are listed for management, and those of them that only the internal issuer can serve.
pub(super) fn automated(
    next_to_hostless: BTreeSet<EcoString>,
    forced: BTreeSet<EcoString>,
    without_site: &[EcoString],
    options: &Options,
) -> (Vec<EcoString>, Vec<EcoString>) {
    let mut names = BTreeSet::new();
    let mut internal = Vec::new();
    if !has(options, "off") && !has(options, "disable_certs") {
        internal.extend(next_to_hostless.iter().filter(|name| !subject::qualifies_for_public(name)).cloned());
        names = next_to_hostless;
    }
    // Unlike those of sites, these are managed whatever `auto_https` says.
    internal.extend(without_site.iter().filter(|name| !subject::qualifies_for_public(name)).cloned());
    names.extend(options.tls_automate_names.iter().cloned());
    names.extend(forced);
    (names.into_iter().collect(), internal)
}

fn has(options: &Options, word: &str) -> bool {
    options.auto_https.iter().any(|known| known == word)
}
