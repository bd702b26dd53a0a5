//! How a `reverse_proxy` talks to its upstreams (docs: "`reverse_proxy`", "Transports").

use crate::spec::Namespace;

pub(crate) mod fastcgi;
pub(crate) mod http;
mod keepalive;
mod tls;

/// The namespace `http.reverse_proxy.transport`.
pub static NAMESPACE: Namespace = Namespace {
    id: "http.reverse_proxy.transport",
    what: "transport",
    key: "protocol",
    all: &[&fastcgi::MODULE, &http::MODULE],
};
