//! IP addresses and ranges of them.

use std::net::IpAddr;

use crate::check::values::ip_range::parse;

/// A range of addresses, perhaps with the zone that an address must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    address: IpAddr,
    bits: u32,
    /// The zone behind `%`; empty for any.
    pub(super) zone: String,
}

impl Range {
    /// Reads a range, or an address as a range of its own.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, zone) = match text.split_once('%') {
            Some((text, zone)) => (text, zone),
            None => (text, ""),
        };
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (parse(address)?, Some(bits.parse::<u32>().ok()?)),
            None => (parse(text)?, None),
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then(|| Self { address, bits, zone: zone.to_owned() })
    }

    /// Whether the range has the address. As in Go, an IPv4 range has no IPv6 address, whatever it stands for.
    pub(super) fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same(own.to_bits().into(), other.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

fn same(own: u128, other: u128, width: u32, bits: u32) -> bool {
    bits == 0 || (own ^ other) >> (width - bits) == 0
}

/// An address without zone, and the zone.
pub(super) fn address(text: &str) -> Option<(IpAddr, &str)> {
    let (text, zone) = text.split_once('%').unwrap_or((text, ""));
    Some((parse(text)?, zone))
}

/// The ranges that `private_ranges` stands for.
pub(super) const PRIVATE: [&str; 6] =
    ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let has = |range: &str, ip: &str| Range::parse(range).unwrap().contains(ip.parse().unwrap());
        assert!(has("127.0.3.0/24", "127.0.3.9") && !has("127.0.3.0/24", "127.0.4.9"));
        assert!(has("::1", "::1") && has("0.0.0.0/0", "1.2.3.4") && !has("0.0.0.0/0", "::1"));
        assert!(Range::parse("10.0.0.0/33").is_none());
    }
}
