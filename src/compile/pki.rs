//! Certificate authorities: those of the `pki` option and those that directives need.

use super::Options;
use super::listeners::Pairing;
use super::site::Site;
use crate::config::{Authority, Pki};

/// The authority that is meant where none is named.
pub(crate) const DEFAULT_AUTHORITY: &str = "local";

/// All authorities; `None` when nothing is configured.
pub(super) fn build(pairings: &[Pairing], sites: &[Site], options: &Options) -> Option<Pki> {
    let mut authorities = options.pki.clone().unwrap_or_default().certificate_authorities;
    for view in pairings.iter().flat_map(|pairing| &pairing.sites) {
        for (id, authority) in &sites[view.site].authorities {
            // The option knows more about an authority than the directive that needs it.
            authorities.entry(id.clone()).or_insert_with(|| authority.clone());
        }
    }
    let auto_https_off = options.auto_https.iter().any(|word| word == "off");
    if authorities.is_empty() && options.skip_install_trust && !auto_https_off {
        authorities.insert(DEFAULT_AUTHORITY.to_owned(), Authority::default());
    }
    if options.skip_install_trust {
        for authority in authorities.values_mut() {
            authority.install_trust = Some(false);
        }
    }
    (!authorities.is_empty()).then_some(Pki { certificate_authorities: authorities })
}
