//! `folder`: certificates in folders (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("folder", "<path...>", "Certificates in folders", |cursor| {
        Ok(super::read_list(cursor, "folders"))
    });
