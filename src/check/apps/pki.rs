//! The `pki` app: local certificate authorities.

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::values::certificate;

const HOUR: i64 = 3_600_000_000_000;
/// How long a root that Caddy makes is valid.
const ROOT_LIFETIME: i64 = 3600 * 24 * HOUR;
/// How long an intermediate certificate is valid when nothing is said.
const INTERMEDIATE_LIFETIME: i64 = 7 * 24 * HOUR;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    for (id, authority) in node.at("certificate_authorities").fields() {
        if id.is_empty() {
            checker.refuse(&authority, "the certificate authority has no name", "the default one is `local`");
        }
        checker.module("caddy.storage", "module", &authority.at("storage"));
        key_pair(&authority.at("root"), checker);
        key_pair(&authority.at("intermediate"), checker);
        let lifetime = authority.at("intermediate_lifetime");
        let managed = authority.at("root").is_null() && authority.at("intermediate").is_null();
        if managed && lifetime.number() >= ROOT_LIFETIME {
            let message = "the intermediate certificate would outlive its root, which is valid for 3600 days";
            checker.refuse(&lifetime, message, "choose a shorter intermediate lifetime");
        }
    }
}

/// How long the intermediate certificates of the authority `id` are valid, in nanoseconds; `None` when they come from
/// a file.
pub(in crate::check) fn intermediate_lifetime(id: &str, checker: &Checker) -> Option<i64> {
    let authority = checker.app("pki").at("certificate_authorities").at(id);
    if !authority.at("intermediate").is_null() {
        return None;
    }
    match authority.at("intermediate_lifetime").number() {
        0 => Some(INTERMEDIATE_LIFETIME),
        lifetime => Some(lifetime),
    }
}

/// Whether there is an authority `id`. `local` is made when it is missing.
pub(in crate::check) fn has_authority(id: &str, checker: &Checker) -> bool {
    id == "local" || !checker.app("pki").at("certificate_authorities").at(id).is_null()
}

fn key_pair(pair: &Node, checker: &mut Checker) {
    if pair.is_null() {
        return;
    }
    let format = pair.at("format");
    if !matches!(format.text(), "" | "pem_file") {
        checker.refuse(&format, format!("the format `{}` is not known", format.text()), "use `pem_file`");
        return;
    }
    let (certificate, key) = (pair.at("certificate"), pair.at("private_key"));
    let Some(chain) = checker.read(&certificate, certificate.text(), "certificate") else { return };
    let chain_fault = match certificate::all(&chain).as_slice() {
        [] => Some("it has no PEM certificate".to_owned()),
        certificates => certificates.iter().find_map(|der| certificate::der_fault(der)),
    };
    if let Some(why) = chain_fault {
        checker.machine(
            &certificate,
            format!("the certificate `{}` is unusable: {why}", certificate.text()),
            "",
        );
        return;
    }
    if key.text().is_empty() {
        return;
    }
    let Some(private) = checker.read(&key, key.text(), "private key") else { return };
    if let Err(why) = certificate::pair(&chain, &private) {
        checker.machine(
            pair,
            format!("the certificate authority's certificate and key are unusable: {why}"),
            "",
        );
    }
}
