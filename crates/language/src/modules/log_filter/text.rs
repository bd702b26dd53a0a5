//! `replace` and `rename`: filters with one text. Caddy does not look at anything behind it.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec};

/// `replace`.
pub(crate) static REPLACE: ModuleSpec = ModuleSpec {
    name: "replace",
    syntax: "replace [<text>]",
    doc: "Puts a text in the field's place",
    rows: &[],
    read: |cursor| Ok(read(cursor, "value")),
};

/// `rename`.
pub(crate) static RENAME: ModuleSpec = ModuleSpec {
    name: "rename",
    syntax: "rename [<name>]",
    doc: "Gives the field another name",
    rows: &[],
    read: |cursor| Ok(read(cursor, "name")),
};

fn read(cursor: &mut Cursor, key: &str) -> Module {
    let mut fields = Fields::new();
    if let Some(text) = cursor.arg().filter(|text| !text.is_empty()) {
        fields.insert(key, text);
    }
    fields
}
