//! Where ranges of addresses come from (docs: "Global options", `trusted_proxies`).

use crate::spec::Namespace;

mod fixed;

/// The namespace `http.ip_sources`.
pub static NAMESPACE: Namespace =
    Namespace { id: "http.ip_sources", what: "source of IP ranges", key: "source", all: &[&fixed::MODULE] };
