//! The version of the host's Caddy: its reading of the Caddyfile counts.

use std::time::Duration;

use super::Found;
use crate::compiler::Caddy;
use crate::state::caddy::{HostCaddy, identity};
use crate::state::history;
use caddyctl_language::Version;
use caddyctl_language::source::shown;

/// How long `caddy version` may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A version that somebody names, which is not that of the host's Caddy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} names Caddy {named}, but {} is Caddy {}", shown::line(by), shown::path(&host.program), shown::line(&host.version))]
pub struct OtherVersion {
    /// Who names it: a flag, or a file.
    pub by: String,
    /// The version.
    pub named: Version,
    /// The Caddy of the host.
    pub host: HostCaddy,
}

impl OtherVersion {
    /// What to do about it.
    pub fn help(&self) -> String {
        format!("the version of the host's Caddy counts: remove the version from {}", shown::line(&self.by))
    }
}

impl Found {
    /// The Caddy of the host; `None` where there is none to ask, or it does not say its version. It is asked once, and not at
    /// all if the last deployment knew the same program.
    pub fn host_caddy(&self) -> Option<&HostCaddy> {
        self.host_caddy.get_or_init(|| self.ask_version()).as_ref()
    }

    /// The version whose reading counts: that of the host's Caddy, or else the one that is named, or else the default.
    pub fn version(&self) -> Version {
        let host = self.host_caddy().and_then(HostCaddy::known);
        host.or_else(|| self.named_version().map(|(version, _)| version)).unwrap_or_default()
    }

    /// The host's Caddy, if its version is not known: then its own reading of the Caddyfile counts.
    pub fn unknown_caddy(&self) -> Option<&HostCaddy> {
        self.host_caddy().filter(|caddy| caddy.known().is_none())
    }

    /// Whether the version that is named is that of the host's Caddy.
    ///
    /// # Errors
    ///
    /// It is another one.
    pub fn is_of_version(&self) -> Result<(), OtherVersion> {
        self.named_version().map_or(Ok(()), |(named, by)| self.is_of(named, by))
    }

    /// Whether a version is that of the host's Caddy. `by` names it.
    ///
    /// # Errors
    ///
    /// It is another one.
    pub fn is_of(&self, named: Version, by: String) -> Result<(), OtherVersion> {
        match self.host_caddy().filter(|host| host.known() != Some(named)) {
            Some(host) => Err(OtherVersion { by, named, host: host.clone() }),
            None => Ok(()),
        }
    }

    /// What a deployment records of the Caddy that it is for.
    pub fn served_by(&self) -> Option<HostCaddy> {
        let named = || self.named_version().map(|(version, _)| HostCaddy::named(version));
        self.host_caddy().cloned().or_else(named)
    }

    fn ask_version(&self) -> Option<HostCaddy> {
        let program = self.program.clone().filter(|_| self.unasked.is_none())?;
        let identity = identity(&program);
        let known = history::current(&self.host).and_then(|record| record.caddy);
        let is_same = |known: &HostCaddy| known.is(&program, identity.as_deref());
        if let Some(known) = known.filter(is_same) {
            return Some(known);
        }
        let caddy = self.caddy_of(program);
        let version = Caddy { within: PATIENCE.min(caddy.within), ..caddy.clone() }.version();
        // Builds from a checkout say `(devel)`. Any other word is not a version.
        let is_version = version.starts_with(|c: char| c.is_ascii_digit()) || version == "(devel)";
        is_version.then(|| HostCaddy::new(caddy.program, version, identity))
    }
}
