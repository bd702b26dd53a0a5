//! Whose address counts as the client's: what trusted proxies say of it.

use std::net::IpAddr;

use super::fields::Fields;
use super::message::host_of;
use super::program::Server;
use super::ranges::address;

/// Whether the peer is a trusted proxy, and the address of the client.
pub(super) fn client(server: &Server<'_>, peer: &str, headers: &Fields) -> (bool, String) {
    let bare = peer.split('%').next().unwrap_or_default();
    let Some((ip, _)) = address(bare) else { return (false, String::new()) };
    let is_trusted = |ip: IpAddr| server.trusted.iter().any(|range| range.contains(ip));
    if !is_trusted(ip) {
        return (false, ip.to_string());
    }
    let read = |part: &str| {
        let host = host_of(part);
        address(host.trim().split('%').next().unwrap_or_default()).map(|(ip, _)| ip)
    };
    let lines = |name: &String| {
        headers.values(&caddyctl_language::go::canonical_header(name)).unwrap_or_default().join(",")
    };
    if server.is_trusted_strict {
        for name in &server.client_ip_headers {
            let line = lines(name);
            if let Some(found) = line.rsplit(',').filter_map(read).find(|ip| !is_trusted(*ip)) {
                return (true, found.to_string());
            }
        }
        return (true, ip.to_string());
    }
    let all: Vec<String> =
        server.client_ip_headers.iter().map(lines).filter(|line| !line.is_empty()).collect();
    let found = all.join(",").split(',').find_map(read);
    (true, found.unwrap_or(ip).to_string())
}
