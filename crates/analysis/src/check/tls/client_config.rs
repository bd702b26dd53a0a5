//! TLS towards upstreams and trust-pool endpoints.

use super::ca_pool;
use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
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
        checker.report(node, Provision::UpstreamTrusts);
    }
    self::pool(node, checker);
}

/// The TLS settings of a trust pool that is fetched.
pub(in crate::check) fn pool(node: &Node, checker: &mut Checker) {
    checker.module("tls.ca_pool.source", "provider", &node.at("ca"));
    let level = node.at("renegotiation");
    if !matches!(level.text(), "" | "never" | "once" | "freely") {
        checker.report(&level, Provision::Renegotiation);
    }
}

fn client_certificate(node: &Node, checker: &mut Checker) {
    let (file, key) = (node.at("client_certificate_file"), node.at("client_certificate_key_file"));
    match (file.text(), key.text()) {
        ("", "") => {}
        ("", _) => checker.report(&key, Provision::KeyAlone),
        (_, "") => checker.report(&file, Provision::CertificateAlone),
        (chain_path, key_path) => {
            let chain = checker.read(&file, chain_path, "client certificate");
            let private = checker.read(&key, key_path, "key of the client certificate");
            if let (Some(chain), Some(private)) = (chain, private)
                && let Err(why) = certificate::pair(&chain, &private)
            {
                checker.report(&file, Machine::ClientCertificate { why });
            }
        }
    }
}
