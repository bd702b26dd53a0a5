//! Permissions: who decides which names may have a certificate on demand. `permission` of the option `on_demand_tls`
//! names them.

use crate::spec::Namespace;

pub(crate) mod http;

/// The namespace `tls.permission`.
pub static NAMESPACE: Namespace =
    Namespace { id: "tls.permission", what: "permission module", key: "module", all: &[&http::MODULE] };
