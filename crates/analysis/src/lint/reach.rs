//! How far a site reaches: whether it speaks plain HTTP, and to whom.

use super::tree::Site;

impl Site<'_> {
    /// Whether every address of the site speaks HTTP without TLS.
    pub(crate) fn is_plain_http(&self) -> bool {
        let has_tls = self.directives.iter().any(|directive| directive.is("tls"));
        self.addresses.iter().all(|address| match address.scheme.as_str() {
            "http" => true,
            "" if address.port == "80" => true,
            "" => address.host.is_empty() && address.port != "443" && !has_tls,
            _ => false,
        })
    }

    /// Whether every address names a host.
    pub(crate) fn has_host(&self) -> bool {
        self.addresses.iter().all(|address| !address.host.is_empty())
    }

    /// Whether only this machine reaches the site.
    pub(crate) fn is_local(&self) -> bool {
        let binds = self.directives.iter().find(|directive| directive.is("bind"));
        if let Some(bind) = binds {
            return bind.args.iter().all(|address| is_loopback(&address.text));
        }
        self.addresses.iter().all(|address| is_loopback(&address.host))
    }
}

/// Whether a host or address, perhaps with a scheme and a port, is this machine itself, or a socket file on it.
pub(crate) fn is_loopback(address: &str) -> bool {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    if scheme.starts_with("unix") || address.starts_with("unix/") {
        return true;
    }
    let host = rest.trim_start_matches('[');
    let is_name = host == "localhost" || host.starts_with("localhost:") || host.ends_with(".localhost");
    is_name || host.starts_with("127.") || host == "::1" || host.starts_with("::1]")
}
