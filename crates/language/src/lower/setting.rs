//! What directives set for a site, in addition to its routes: listeners, logs and certificates.

use std::sync::Arc;

use crate::config::{ConnectionPolicy, Log, Module};

/// A `bind` line: addresses and the protocols to serve there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bind {
    /// Addresses without their port.
    pub addresses: Vec<String>,
    /// Protocols; none for the default ones.
    pub protocols: Vec<String>,
}

/// A `log` directive or option.
#[derive(Clone, Debug, Default)]
pub(crate) struct CustomLog {
    /// Its name; empty for a site's `log` without anything to say, which uses the default logger.
    pub name: String,
    /// Hosts that are logged there instead of the site's own.
    pub hostnames: Vec<String>,
    /// The log; `None` when only the default logger is asked for.
    pub log: Option<Log>,
    /// Whether no host is mapped to it.
    pub no_hostname: bool,
}

/// A setting of a site's certificates or connections.
#[derive(Clone, Debug)]
pub(crate) enum TlsSetting {
    /// How connections are made; its names are filled in from the site's addresses. Taken out once there are servers.
    Connection(Option<Box<ConnectionPolicy>>),
    /// Certificates are managed for the site's names even where a loaded one would do.
    ForceAutomate,
    /// A certificate and its key, with tags.
    LoadFile(crate::config::LoadFile),
    /// Folders of certificates.
    LoadFolders(Vec<String>),
    /// Type of new keys.
    KeyType(String),
    /// Who issues. Shared, since policies have it too.
    Issuer(Arc<Module>),
    /// Who is asked at each handshake.
    Manager(Module),
    /// Certificates are got at the first handshake.
    OnDemand,
    /// Renewals keep their key.
    ReusePrivateKeys,
    /// The share of the lifetime that is left at renewal.
    RenewalWindowRatio(f64),
}
