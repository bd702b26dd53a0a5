//! Caddy's network addresses: `network/host:port`, where the port may be a range and most parts may be missing.
//!
//! From Caddy's documentation (conventions, "Network addresses") and measured.

/// A network address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct NetworkAddress {
    /// Such as `tcp`, `udp` or `unix`; lower case.
    pub(in crate::check) network: String,
    /// A host, an address, or the path of a socket.
    pub(in crate::check) host: String,
    /// The first port; 0 when there is none.
    pub(in crate::check) first: u16,
    /// The last port.
    pub(in crate::check) last: u16,
}

impl NetworkAddress {
    /// Whether it is a Unix socket or a file descriptor, which have no ports.
    pub(in crate::check) fn is_portless(&self) -> bool {
        is_portless(&self.network)
    }

    /// How many ports it covers.
    pub(in crate::check) fn ports(&self) -> u32 {
        u32::from(self.last) - u32::from(self.first) + 1
    }
}

fn is_portless(network: &str) -> bool {
    network.starts_with("unix") || network.starts_with("fd")
}

/// Takes `text` apart; the fault is given in words.
pub(in crate::check) fn parse(text: &str, network: &str, port: u16) -> Result<NetworkAddress, String> {
    let (given, host, ports) = split(text)?;
    let network = if given.is_empty() { network.to_owned() } else { given };
    let mut address = NetworkAddress { network, host, first: 0, last: 0 };
    if address.network.starts_with("unix") {
        return socket_fault(&address.host).map_or(Ok(address), Err);
    }
    if address.is_portless() {
        return Ok(address);
    }
    (address.first, address.last) = if ports.is_empty() { (port, port) } else { range(&ports)? };
    Ok(address)
}

fn range(ports: &str) -> Result<(u16, u16), String> {
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits).ok_or_else(|| format!("`{text}` is not a port (0 to 65535)"))
    };
    let (first, last) = (number(first)?, number(last)?);
    if last < first {
        return Err(format!("the port range `{ports}` runs backwards"));
    }
    Ok((first, last))
}

/// The permissions behind `|` of a Unix socket must be octal and let the owner write.
fn socket_fault(path: &str) -> Option<String> {
    let (_, bits) = path.split_once('|')?;
    let octal = !bits.is_empty() && bits.bytes().all(|b| (b'0'..=b'7').contains(&b));
    match u32::from_str_radix(bits, 8) {
        Ok(mode) if octal && mode & 0o200 != 0 => None,
        Ok(_) if octal => Some(format!("the permissions `{bits}` do not let the socket's owner write")),
        _ => Some(format!("the permissions `{bits}` are not octal")),
    }
}

/// Network, host and port. The network is empty when it is not given.
pub(in crate::check) fn split(text: &str) -> Result<(String, String, String), String> {
    let (network, rest) = match text.split_once('/') {
        Some((network, rest)) => (network.trim().to_lowercase(), rest),
        None => (String::new(), text),
    };
    if is_portless(&network) {
        return Ok((network, rest.to_owned(), String::new()));
    }
    if let Ok((host, port)) = split_host_port(rest) {
        return Ok((network, host.to_owned(), port.to_owned()));
    }
    // Most likely there is just no port: brackets go, and the rest must be a host.
    let bare = rest.trim_matches(['[', ']']);
    let again = if bare.contains(':') { format!("[{bare}]:0") } else { format!("{bare}:0") };
    match split_host_port(&again) {
        Ok((host, _)) => Ok((network, host.to_owned(), String::new())),
        Err(_) => Err(format!("`{text}` is not a network address")),
    }
}

/// Go's `net.SplitHostPort`: a host, which is in brackets when it has colons, and a port.
pub(in crate::check) fn split_host_port(text: &str) -> Result<(&str, &str), String> {
    let Some((before, port)) = text.rsplit_once(':') else {
        return Err(format!("`{text}` has no port"));
    };
    let host = if let Some(inside) = before.strip_prefix('[') {
        let Some(end) = text.find(']') else { return Err(format!("`{text}` has no closing bracket")) };
        if end + 1 != before.len() {
            return Err(format!("`{text}` has too many colons"));
        }
        &inside[..end - 1]
    } else if before.contains(':') {
        return Err(format!("`{text}` has too many colons"));
    } else {
        before
    };
    let stray = if before.starts_with('[') { &text[1..] } else { text };
    if stray.contains('[')
        || text[before.len()..].contains(']')
        || (!before.starts_with('[') && before.contains(']'))
    {
        return Err(format!("`{text}` has a stray bracket"));
    }
    Ok((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_caddy_reads_them() {
        let parts = |text| parse(text, "tcp", 0).map(|a| (a.network, a.host, a.first, a.last));
        let ok =
            |network: &str, host: &str, first, last| Ok((network.to_owned(), host.to_owned(), first, last));
        assert_eq!(parts(":443"), ok("tcp", "", 443, 443));
        assert_eq!(parts("udp/localhost:5000-5010"), ok("udp", "localhost", 5000, 5010));
        assert_eq!(parts("[::1]:80"), ok("tcp", "::1", 80, 80));
        assert_eq!(parts("::1"), ok("tcp", "::1", 0, 0));
        assert_eq!(parts("unix//run/a.sock|0222"), ok("unix", "/run/a.sock|0222", 0, 0));
        for bad in [":99999", ":2-1", ":a", "unix//run/a|0444", "unix//run/a|9", ":+1"] {
            assert!(parts(bad).is_err(), "{bad}");
        }
    }
}
