//! DNS providers: who publishes the records of ACME challenges. The stock build has none.

use crate::spec::Namespace;

/// The namespace `dns.providers`.
pub(crate) static NAMESPACE: Namespace =
    Namespace { id: "dns.providers", what: "DNS provider", key: "name", all: &[] };
