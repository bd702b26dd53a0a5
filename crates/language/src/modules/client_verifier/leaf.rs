//! `leaf`: only these certificates themselves, whoever signed them (docs: "tls", `client_auth`).

use crate::config::{Fields, Module, Value};
use crate::modules::leaf_loader::NAMESPACE;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("leaf", "[<loader> <args...>]", "Accepts only certificates that are listed", read)
        .rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("file", "<path...>", Kind::Own, "Certificates in PEM files"),
    Row::new("folder", "<path...>", Kind::Own, "Certificates in folders"),
    Row::new("pem", "<text...>", Kind::Own, "PEM certificates in the Caddyfile"),
    Row::new("storage", "", Kind::Own, "Certificates in Caddy's storage; available only in JSON"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut loaders = Vec::new();
    // A loader on the verifier's line needs an argument; a lone word there is not looked at.
    if cursor.count_args() > 1 {
        cursor.next_arg();
        loaders.push(Value::Object(NAMESPACE.read(cursor)?));
    } else {
        let level = cursor.nesting();
        while cursor.next_block(level) {
            loaders.push(Value::Object(NAMESPACE.read(cursor)?));
        }
    }
    let mut fields = Fields::new();
    if !loaders.is_empty() {
        fields.insert("leaf_certs_loaders", loaders);
    }
    Ok(fields)
}
