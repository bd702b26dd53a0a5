//! Verifiers: further checks of the certificates that clients show. `verifier` of `tls > client_auth` names them.

use crate::spec::Namespace;

mod leaf;

/// The namespace `tls.client_auth.verifier`.
pub static NAMESPACE: Namespace = Namespace {
    id: "tls.client_auth.verifier",
    what: "certificate verifier",
    key: "verifier",
    all: &[&leaf::MODULE],
};
