//! How a reverse proxy speaks to its upstreams.

use super::upstreams;
use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::http::network_proxy;
use crate::check::node::Node;
use crate::check::tls::client_config;
use crate::check::values::url;
use caddyctl_language::config::NetworkAddress;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks =
    &[("http.reverse_proxy.transport.fastcgi", fastcgi), ("http.reverse_proxy.transport.http", http)];

/// The `http` transport.
pub(in crate::check) fn http(node: &Node, checker: &mut Checker) {
    for version in node.at("versions").items() {
        if !matches!(version.text(), "1.1" | "2" | "h2c" | "3") {
            checker.report(&version, Provision::HttpVersion);
        }
    }
    exclusive_h3(&node.at("versions"), checker);
    local_address(&node.at("local_address"), checker);
    upstreams::resolver_addresses(&node.at("resolver").at("addresses"), checker);
    let forward = node.at("forward_proxy_url");
    if let Some(why) = url::fault(forward.text()) {
        checker.report(&forward, Provision::ProxyUrl { why });
    }
    let proxy = node.at("network_proxy");
    if proxy.at("from").text() == "url" {
        network_proxy::check(&proxy, checker);
    } else {
        checker.module("caddy.network_proxy", "from", &proxy);
    }
    client_config::proxy(&node.at("tls"), checker);
}

/// HTTP/3 to upstreams goes alone.
fn exclusive_h3(versions: &Node, checker: &mut Checker) {
    if versions.count() > 1
        && let Some(third) = versions.items().find(|version| version.text() == "3")
    {
        checker.report(&third, Provision::Http3Combined);
    }
}

fn local_address(node: &Node, checker: &mut Checker) {
    if node.text().is_empty() {
        return;
    }
    let why = match NetworkAddress::parse(node.text()) {
        Err(why) => why.to_string(),
        Ok(address) if address.ports() > 1 => "it has several ports".to_owned(),
        Ok(address) if address.network.starts_with("udp") => "it must be a TCP address".to_owned(),
        Ok(address)
            if !matches!(
                address.network.as_str(),
                "tcp" | "tcp4" | "tcp6" | "unix" | "unixgram" | "unixpacket"
            ) =>
        {
            format!("the network `{}` is not known here", address.network)
        }
        Ok(_) => return,
    };
    checker.report(node, Provision::LocalAddress { why });
}

/// The `fastcgi` transport: where a path is split must be ASCII.
pub(in crate::check) fn fastcgi(node: &Node, checker: &mut Checker) {
    for split in node.at("split_path").items() {
        if !split.text().is_ascii() {
            checker.report(&split, Provision::SplitPath);
        }
    }
}
