//! Where certificates and keys are kept (docs: "Global options", `storage`).

use crate::spec::Namespace;

mod file_system;

/// The namespace `caddy.storage`.
pub static NAMESPACE: Namespace =
    Namespace { id: "caddy.storage", what: "storage module", key: "module", all: &[&file_system::MODULE] };
