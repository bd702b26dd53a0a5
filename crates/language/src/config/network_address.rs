//! Network addresses: `tcp/:443`, `unix//run/x.sock|0220`, `fd/3`, port ranges (docs: "Conventions", "Network
//! addresses").

use thiserror::Error;

use crate::go::{join_host_port, split_host_port};

/// Why a text is no network address.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddressError {
    /// A port that is no number from 0 to 65535.
    #[error("`{0}` is not a port (0 to 65535)")]
    Port(String),
    /// A range of ports whose last is less than its first.
    #[error("the port range `{0}` runs backwards")]
    Backwards(String),
    /// A text that cannot be split into host and port.
    #[error("`{0}` is not a host and port")]
    HostAndPort(String),
    /// A mode behind the path of a socket that is not octal.
    #[error("`{0}` is not an octal mode")]
    Mode(String),
    /// A mode without which the owner of the socket cannot write.
    #[error("the mode `{0}` does not let the socket's owner write")]
    NoOwnerWrite(String),
}

/// Where something listens or dials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkAddress {
    /// `tcp`, `udp`, `unix` …
    pub network: String,
    /// The host, or what a unix or fd network has instead.
    pub host: String,
    /// The first port; 0 when there is none.
    pub first: u16,
    /// The last port.
    pub last: u16,
}

impl NetworkAddress {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Self::parse_with_defaults(text, "tcp", 0)
    }

    /// Reads an address, with the network and port that are meant where it gives none.
    pub fn parse_with_defaults(text: &str, network: &str, port: u16) -> Result<Self, AddressError> {
        let (given, host, ports) = split_network_address(text)?;
        let network = if given.is_empty() { network.to_owned() } else { given };
        if is_unix(&network) {
            check_socket_mode(&host)?;
        }
        let mut address = Self { network, host, first: 0, last: 0 };
        if !address.is_portless() {
            (address.first, address.last) = if ports.is_empty() { (port, port) } else { range(&ports)? };
        }
        Ok(address)
    }

    /// Whether it is a Unix socket or a file descriptor, which have no ports.
    pub fn is_portless(&self) -> bool {
        is_unix(&self.network) || is_fd(&self.network)
    }

    /// As Caddy writes it: without `tcp/`, with the port.
    pub(crate) fn display(&self) -> String {
        let network = if self.network == "tcp" { "" } else { &self.network };
        let ports = if self.first == self.last {
            self.first.to_string()
        } else {
            format!("{}-{}", self.first, self.last)
        };
        join_network_address(network, &self.host, &ports)
    }

    /// How many ports it stands for; one when it has none.
    pub fn ports(&self) -> u32 {
        u32::from(self.last) - u32::from(self.first) + 1
    }
}

fn range(ports: &str) -> Result<(u16, u16), AddressError> {
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits).ok_or_else(|| AddressError::Port(text.to_owned()))
    };
    let (first, last) = (number(first)?, number(last)?);
    if last < first {
        return Err(AddressError::Backwards(ports.to_owned()));
    }
    Ok((first, last))
}

/// Whether addresses of this network are socket paths.
pub(crate) fn is_unix(network: &str) -> bool {
    network.starts_with("unix")
}

/// Whether addresses of this network are file descriptors.
pub(crate) fn is_fd(network: &str) -> bool {
    network.starts_with("fd")
}

/// Network, host and port of an address, each possibly empty.
pub(crate) fn split_network_address(text: &str) -> Result<(String, String, String), AddressError> {
    let (network, rest) = match text.split_once('/') {
        Some((network, rest)) => (network.trim().to_lowercase(), rest),
        None => (String::new(), text),
    };
    if is_unix(&network) || is_fd(&network) {
        return Ok((network, rest.to_owned(), String::new()));
    }
    if let Some((host, port)) = split_host_port(rest) {
        return Ok((network, host, port));
    }
    let bare = join_host_port(rest.trim_matches(['[', ']']), "0");
    match split_host_port(&bare) {
        Some((host, _)) => Ok((network, host, String::new())),
        None => Err(AddressError::HostAndPort(rest.to_owned())),
    }
}

/// An address of its parts.
pub(crate) fn join_network_address(network: &str, host: &str, port: &str) -> String {
    let rest = if (!host.is_empty() && port.is_empty()) || is_unix(network) || is_fd(network) {
        host.to_owned()
    } else if port.is_empty() {
        String::new()
    } else {
        join_host_port(host, port)
    };
    if network.is_empty() { rest } else { [network, "/", &rest].concat() }
}

/// A mode behind a socket's path must be octal, and let its owner write.
fn check_socket_mode(host: &str) -> Result<(), AddressError> {
    let Some((_, mode)) = host.split_once('|') else { return Ok(()) };
    let digits = !mode.is_empty() && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let bits = u32::from_str_radix(mode, 8)
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| AddressError::Mode(mode.to_owned()))?;
    if bits & 0o200 == 0 {
        return Err(AddressError::NoOwnerWrite(mode.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, display) in [
            (":443", ":443"),
            ("tcp/localhost:80", "localhost:80"),
            ("udp/:53", "udp/:53"),
            ("unix//run/x.sock|0220", "unix//run/x.sock|0220"),
            ("fd/3", "fd/3"),
            ("[::1]:1-3", "[::1]:1-3"),
            ("localhost", "localhost:0"),
        ] {
            assert_eq!(NetworkAddress::parse(text).map(|a| a.display()), Ok(display.to_owned()), "{text}");
        }
        for text in [":x", ":3-1", "unix//x|9", "unix//x|0400", ":70000"] {
            assert!(NetworkAddress::parse(text).is_err(), "{text}");
        }
    }
}
