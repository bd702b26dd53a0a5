//! A site as Caddy sees it: an address that is listened on, and a host.

use std::fmt;

/// One address and one host. A site block of two hosts on two ports is four of them, which makes regrouping no change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Site {
    /// The host as the `host` matcher has it, lower-cased; empty takes any host.
    pub host: String,
    /// The listen address, such as `:443` or `tcp/127.0.0.1:8080`.
    pub address: String,
    /// Whether the site is plain HTTP.
    pub plain: bool,
}

impl Site {
    /// The port of the address, or the whole address for a socket.
    pub(crate) fn port(&self) -> &str {
        port(&self.address)
    }
}

/// The port of a listen address; the whole of it when it is a unix socket or a file descriptor.
pub(crate) fn port(address: &str) -> &str {
    if address.starts_with("unix") || address.starts_with("fd") {
        return address;
    }
    address.rsplit_once(':').map_or(address, |(_, port)| port)
}

/// The interface of a listen address (`127.0.0.1` of `tcp/127.0.0.1:80`); empty when it listens on all.
pub(crate) fn interface(address: &str) -> &str {
    let address = address.split_once('/').map_or(address, |(_, rest)| rest);
    address.rsplit_once(':').map_or("", |(interface, _)| interface)
}

/// As a Caddyfile would name it: `a.test`, `http://a.test`, `a.test:8443`, `:8080`.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.port();
        if port == self.address {
            return if self.host.is_empty() {
                f.write_str(port)
            } else {
                write!(f, "{} (on {port})", self.host)
            };
        }
        match (self.host.as_str(), port, self.plain) {
            ("", port, _) => write!(f, ":{port}")?,
            (host, "80", true) => write!(f, "http://{host}")?,
            (host, "443", false) => f.write_str(host)?,
            (host, port, true) => write!(f, "http://{host}:{port}")?,
            (host, port, false) => write!(f, "{host}:{port}")?,
        }
        match interface(&self.address) {
            "" => Ok(()),
            interface => write!(f, " (on {interface})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = |host: &str, address: &str, plain| {
            Site { host: host.into(), address: address.into(), plain }.to_string()
        };
        assert_eq!(name("a.test", ":443", false), "a.test");
        assert_eq!(name("a.test", ":80", true), "http://a.test");
        assert_eq!(name("a.test", ":8443", false), "a.test:8443");
        assert_eq!(name("", ":80", true), ":80");
        assert_eq!(name("a.test", "127.0.0.1:443", false), "a.test (on 127.0.0.1)");
        assert_eq!(name("a.test", "unix//run/x", true), "a.test (on unix//run/x)");
    }
}
