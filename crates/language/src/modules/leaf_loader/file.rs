//! `file`: certificates in PEM files (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "file",
    syntax: "file <path...>",
    doc: "Certificates in PEM files",
    rows: &[],
    read: |cursor| Ok(super::read_list(cursor, "files")),
};
