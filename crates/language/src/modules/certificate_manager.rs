//! Certificate managers: who is asked for a certificate at each handshake. `get_certificate` of the directive `tls`
//! names them.

use crate::spec::Namespace;

mod http;
mod tailscale;

/// The namespace `tls.get_certificate`.
pub static NAMESPACE: Namespace = Namespace {
    id: "tls.get_certificate",
    what: "certificate manager",
    key: "via",
    all: &[&http::MODULE, &tailscale::MODULE],
};
