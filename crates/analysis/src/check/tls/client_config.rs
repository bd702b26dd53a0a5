//! TLS towards upstreams and trust-pool endpoints.

use super::ca_pool;
use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::values::certificate;

/// The TLS settings of a proxy's transport.
pub(in crate::check) fn proxy(node: &Node, checker: &mut Checker) {
    client_certificate(node, checker);
    let (inline, files, pool) = (node.at("root_ca_pool"), node.at("root_ca_pem_files"), node.at("ca"));
    ca_pool::trusted(&inline, checker);
    for file in files.items() {
        checker.read(&file, file.text(), "file of trusted certificates");
    }
    if !pool.is_null() && (inline.count() > 0 || files.count() > 0) {
        let message = "the transport has both a trust pool and trusted certificates of its own";
        checker.refuse(node, message, "keep the trust pool; the other is deprecated");
    }
    self::pool(node, checker);
}

/// The TLS settings of a trust pool that is fetched.
pub(in crate::check) fn pool(node: &Node, checker: &mut Checker) {
    checker.module("tls.ca_pool.source", "provider", &node.at("ca"));
    let level = node.at("renegotiation");
    if !matches!(level.text(), "" | "never" | "once" | "freely") {
        let message = format!("there is no renegotiation level `{}`", level.text());
        checker.refuse(&level, message, "one of never, once and freely");
    }
}

fn client_certificate(node: &Node, checker: &mut Checker) {
    let (file, key) = (node.at("client_certificate_file"), node.at("client_certificate_key_file"));
    match (file.text(), key.text()) {
        ("", "") => {}
        ("", _) => checker.refuse(&key, "there is a key for the client certificate, but no certificate", ""),
        (_, "") => checker.refuse(
            &file,
            "the client certificate has no key",
            "give the key's file as second argument",
        ),
        (chain_path, key_path) => {
            let chain = checker.read(&file, chain_path, "client certificate");
            let private = checker.read(&key, key_path, "key of the client certificate");
            if let (Some(chain), Some(private)) = (chain, private)
                && let Err(why) = certificate::pair(&chain, &private)
            {
                checker.machine(&file, format!("the client certificate is unusable: {why}"), "");
            }
        }
    }
}
