//! `inline`: certificates written into the Caddyfile (docs: "tls", trust pools).

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("inline", "", "Trusts the certificates in the Caddyfile", read).rows(ROWS);

const ROWS: &[Row] = &[Row::new(
    "trust_der",
    "<base64_der...>",
    Kind::AnyTexts,
    "Certificates in DER format, encoded as base64",
)
.at("trusted_ca_certs")];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    cursor.no_args()?;
    let mut fields = Fields::new();
    read_block(cursor, "inline", &MODULE.rows, &mut fields)?;
    if fields.get("trusted_ca_certs").and_then(Value::as_array).is_none() {
        return Err(cursor.missing(&name, "a block with `trust_der <base64_der...>`"));
    }
    Ok(fields)
}
