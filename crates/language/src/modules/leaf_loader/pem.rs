//! `pem`: certificates written into the Caddyfile (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "pem",
    syntax: "pem <text...>",
    doc: "Certificates written here",
    rows: &[],
    read: |cursor| Ok(super::read_list(cursor, "certificates")),
};
