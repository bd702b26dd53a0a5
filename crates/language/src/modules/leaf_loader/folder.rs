//! `folder`: certificates in folders (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "folder",
    syntax: "folder <path...>",
    doc: "Certificates in folders",
    rows: &[],
    read: |cursor| Ok(super::read_list(cursor, "folders")),
};
