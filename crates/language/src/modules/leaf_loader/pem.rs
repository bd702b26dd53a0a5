//! `pem`: certificates written into the Caddyfile (docs: "tls", `client_auth`).

use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("pem", "<text...>", "PEM certificates in the Caddyfile", |cursor| {
        Ok(super::read_list(cursor, "certificates"))
    });
