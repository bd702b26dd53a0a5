//! How a reverse proxy speaks to its upstreams.

use super::upstreams;
use crate::check::checker::Checker;
use crate::check::http::network_proxy;
use crate::check::node::Node;
use crate::check::tls::client_config;
use crate::check::values::url;
use caddyctl_language::config::NetworkAddress;

/// The `http` transport.
pub(in crate::check) fn http(node: &Node, checker: &mut Checker) {
    for version in node.at("versions").items() {
        if !matches!(version.text(), "1.1" | "2" | "h2c" | "3") {
            let message = format!("there is no HTTP version `{}`", version.text());
            checker.refuse(&version, message, "one of 1.1, 2, h2c and 3");
        }
    }
    exclusive_h3(&node.at("versions"), checker);
    local_address(&node.at("local_address"), checker);
    upstreams::resolver_addresses(&node.at("resolver").at("addresses"), checker);
    let forward = node.at("forward_proxy_url");
    if let Some(why) = url::fault(forward.text()) {
        checker.refuse(
            &forward,
            format!("the proxy's URL is not valid: {why}"),
            "such as `http://proxy:3128`",
        );
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
        let message = "HTTP/3 to upstreams cannot be combined with other versions";
        checker.refuse(&third, message, "write `versions 3` alone, or leave it out");
    }
}

fn local_address(node: &Node, checker: &mut Checker) {
    if node.text().is_empty() {
        return;
    }
    let why = match NetworkAddress::parse(node.text()) {
        Err(why) => why,
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
    checker.refuse(node, format!("the local address is not valid: {why}"), "such as `192.0.2.1`");
}

/// The `fastcgi` transport: where a path is split must be ASCII.
pub(in crate::check) fn fastcgi(node: &Node, checker: &mut Checker) {
    for split in node.at("split_path").items() {
        if !split.text().is_ascii() {
            let message = format!("paths cannot be split at `{}`, which is not ASCII", split.text());
            checker.refuse(&split, message, "such as `.php`");
        }
    }
}
