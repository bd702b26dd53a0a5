//! `combined`: several trust pools as one (docs: "tls", trust pools).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("combined", "", "Trusts the certificates of several pools", read).rows(&ROWS);

static ROWS: [Row; 1] =
    [Row::new("source", "<module> ...", Kind::Custom(source), "A trust pool; several are combined")];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    cursor.no_args()?;
    let mut fields = Fields::new();
    read_block(cursor, "combined", &MODULE.rows, &mut fields)?;
    if fields.is_empty() {
        return Err(cursor.missing(&name, "a block with `source <module>`"));
    }
    Ok(fields)
}

fn source(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    fields.push("sources", super::NAMESPACE.read_arg(cursor)?);
    Ok(())
}
