//! IP addresses and CIDR ranges, as Go's `net/netip` reads them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a text is neither an address nor a range, or nothing.
pub(crate) fn fault(text: &str) -> Option<String> {
    if text.contains('/') { prefix_fault(text) } else { address_fault(text) }
}

/// Why a text is no address. A zone is allowed behind an IPv6 address.
pub(crate) fn address_fault(text: &str) -> Option<String> {
    let (address, zone) = text.split_once('%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    match parse(address) {
        Some(IpAddr::V6(_)) if zone == Some("") => Some(format!("`{text}` has an empty zone")),
        Some(IpAddr::V4(_)) if zone.is_some() => {
            Some(format!("`{text}` is an IPv4 address, which cannot have a zone"))
        }
        Some(_) => None,
        None => Some(format!("`{text}` is not an IP address")),
    }
}

/// Why a text is no CIDR range.
pub(crate) fn prefix_fault(text: &str) -> Option<String> {
    let Some((address, bits)) = text.rsplit_once('/') else {
        return Some(format!("`{text}` is not a CIDR range: it has no `/` and prefix length"));
    };
    let Some(ip) = parse(address) else {
        let why = if address.contains('%') {
            "a zone is not allowed in a range"
        } else {
            "the address is not valid"
        };
        return Some(format!("`{text}` is not a CIDR range: {why}"));
    };
    let most = if ip.is_ipv4() { 32 } else { 128 };
    let sound = !bits.is_empty()
        && bits.bytes().all(|b| b.is_ascii_digit())
        && (bits.len() == 1 || !bits.starts_with('0'))
        && bits.parse::<u32>().is_ok_and(|bits| bits <= most);
    (!sound).then(|| format!("`{text}` is not a CIDR range: the prefix length must be 0 to {most}"))
}

/// An address without zone.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    text.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_go_reads_them() {
        for sound in ["10.0.0.0/8", "::/0", "fe80::1%eth0", "1.2.3.4", "::ffff:1.2.3.4", "10.1.2.3/8"] {
            assert_eq!(fault(sound), None, "{sound}");
        }
        for bad in [
            "10.0.0.0/33",
            "10.0.0/8",
            "1.2.3.04",
            "fe80::1%eth0/64",
            "::/129",
            "1.2.3.4/08",
            "",
            "10.0.0.0/",
            "a",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
