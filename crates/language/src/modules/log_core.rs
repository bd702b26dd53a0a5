//! What takes log entries apart. The stock build has one, which does nothing.

use crate::config::Fields;
use crate::spec::{ModuleSpec, Namespace};

/// The namespace `caddy.logging.cores`.
pub static NAMESPACE: Namespace =
    Namespace { id: "caddy.logging.cores", what: "log core", key: "module", all: &[&MOCK] };

/// `mock`, which Caddy has for its own tests.
static MOCK: ModuleSpec = ModuleSpec::new("mock", "", "Does nothing", |_| Ok(Fields::new()));
