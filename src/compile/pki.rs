//! Certificate authorities: those of the `pki` option and those that directives need.

use super::Options;
use super::listeners::Pairing;
use super::site::Site;
use crate::config::Pki;

/// All authorities; `None` when nothing is configured.
pub(super) fn build(pairings: &[Pairing], sites: &[Site], options: &Options) -> Option<Pki> {
    let _ = (pairings, sites);
    options.pki.clone()
}
