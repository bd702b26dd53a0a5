//! Where `dynamic` gets the upstreams of a `reverse_proxy` from (docs: "`reverse_proxy`", "Looks up the upstreams while Caddy runs").

use crate::spec::Namespace;

mod a;
mod multi;
mod srv;

/// The namespace `http.reverse_proxy.upstreams`.
pub static NAMESPACE: Namespace = Namespace {
    id: "http.reverse_proxy.upstreams",
    what: "source of upstreams",
    key: "source",
    all: &[&a::MODULE, &multi::MODULE, &srv::MODULE],
};
