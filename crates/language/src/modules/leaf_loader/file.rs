//! `file`: certificates in PEM files (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("file", "<path...>", "Certificates in PEM files", |cursor| {
        Ok(super::read_list(cursor, "files"))
    });
