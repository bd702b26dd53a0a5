//! Certificate authorities: those of the `pki` option and those that directives need.

use super::listeners::Pairing;
use super::site::Site;
use crate::config::{Authority, DEFAULT_AUTHORITY, Module, Pki, Value};
use crate::lower::{Options, TlsSetting};
use crate::version::Change;

/// All authorities; `None` when nothing is configured.
pub(super) fn build(pairings: &[Pairing], sites: &[Site], options: &Options) -> Option<Pki> {
    let mut authorities = options.pki.clone().unwrap_or_default().certificate_authorities;
    for view in pairings.iter().flat_map(|pairing| &pairing.sites) {
        for (id, authority) in &sites[view.site].authorities {
            // The option knows more about an authority than the directive that needs it.
            authorities.entry(id.clone()).or_insert_with(|| authority.clone());
        }
    }
    let auto_https_off = options.auto_https.iter().any(|word| word == "off")
        && options.version.has(Change::NoTrustWithoutHttps);
    if authorities.is_empty() && options.skip_install_trust && !auto_https_off {
        authorities.insert(DEFAULT_AUTHORITY.to_owned(), Authority::default());
    }
    if options.skip_install_trust {
        // The authorities of internal issuers must be kept out of the trust stores too.
        let of_sites = options.version.has(Change::TrustOfSiteIssuers);
        let views = pairings.iter().filter(|_| of_sites).flat_map(|pairing| &pairing.sites);
        for id in views.flat_map(|view| issuing(&sites[view.site])) {
            authorities.entry(id).or_default();
        }
        for authority in authorities.values_mut() {
            authority.install_trust = Some(false);
        }
    }
    (!authorities.is_empty()).then_some(Pki { certificate_authorities: authorities })
}

/// The authorities of the internal issuers that a site's directives name.
fn issuing(site: &Site) -> impl Iterator<Item = String> {
    site.tls.iter().filter_map(|setting| match setting {
        TlsSetting::Issuer(issuer) if text(issuer, "module") == Some("internal") => {
            Some(text(issuer, "ca").unwrap_or(DEFAULT_AUTHORITY).to_owned())
        }
        _ => None,
    })
}

fn text<'m>(module: &'m Module, key: &str) -> Option<&'m str> {
    module.get(key).and_then(Value::as_str)
}
