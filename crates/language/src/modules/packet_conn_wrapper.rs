//! What wraps the UDP sockets of HTTP/3. The stock build has no such module.

use crate::spec::Namespace;

/// The namespace `caddy.packetconns`.
pub(crate) static NAMESPACE: Namespace =
    Namespace { id: "caddy.packetconns", what: "packet wrapper", key: "wrapper", all: &[] };
