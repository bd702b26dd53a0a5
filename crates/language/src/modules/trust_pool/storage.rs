//! `storage`: certificates in Caddy's storage (docs: "tls", trust pools).

use crate::config::{Fields, Module};
use crate::modules;
use crate::spec::{Cursor, Fault, Kind, ModuleSpec, Parsed, Row, append, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("storage", "[<key...>]", "Trusts certificates in Caddy's storage", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("storage", "<module> ...", Kind::Custom(storage), "The storage to use instead of Caddy's own"),
    Row::new("keys", "<key...>", Kind::AnyTexts, "The keys of the certificates in the storage")
        .at("pem_keys"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    append(&mut fields, "pem_keys", cursor.arg_texts());
    read_block(cursor, "storage", &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn storage(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    if fields.contains_key("storage") {
        return Err(Fault::repeated(cursor.word(), "the storage"));
    }
    let module = modules::storage::NAMESPACE.read_arg(cursor)?;
    fields.insert("storage", module);
    Ok(())
}
