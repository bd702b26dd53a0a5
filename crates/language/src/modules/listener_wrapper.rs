//! What wraps a listener (docs: "Global options", `listener_wrappers`).

use crate::spec::Namespace;

mod http_redirect;
mod proxy_protocol;
mod tls;

/// The namespace `caddy.listeners`.
pub(crate) static NAMESPACE: Namespace = Namespace {
    id: "caddy.listeners",
    what: "listener wrapper",
    key: "wrapper",
    all: &[&http_redirect::MODULE, &proxy_protocol::MODULE, &tls::MODULE],
};
