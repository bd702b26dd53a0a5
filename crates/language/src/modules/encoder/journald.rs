//! `journald`: another encoder's entries, with the level as systemd's journal wants it.

use super::NAMESPACE;
use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("journald", "", "Adds the level in the form that systemd's journal expects", read)
        .rows(&ROWS);

static ROWS: [Row; 1] =
    [Row::new("wrap", "<encoder> ...", Kind::Module(&NAMESPACE), "The format of the entry")];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    cursor.no_args()?;
    cursor.block(|cursor| {
        if cursor.text() != "wrap" {
            return Err(cursor.unknown(&MODULE.name, ["wrap"]));
        }
        wrap(cursor, &mut fields)?;
        Ok(())
    })?;
    Ok(fields)
}

/// Reads the encoder that the next argument names into `wrap`. One that JSON cannot carry is left out, as Caddy does.
pub(super) fn wrap(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let module = NAMESPACE.read_arg(cursor)?;
    if super::append::is_lost(&module) {
        fields.remove("wrap");
    } else {
        fields.insert("wrap", module);
    }
    Ok(())
}
