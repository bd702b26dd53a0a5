//! `replace` and `rename`: filters with one text. Caddy does not look at anything behind it.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec};

/// `replace`.
pub(crate) static REPLACE: ModuleSpec =
    ModuleSpec::new("replace", "[<text>]", "Replaces the field with a text", |cursor| {
        Ok(read(cursor, "value"))
    });

/// `rename`.
pub(crate) static RENAME: ModuleSpec =
    ModuleSpec::new("rename", "[<name>]", "Renames the field", |cursor| Ok(read(cursor, "name")));

fn read(cursor: &mut Cursor, key: &str) -> Module {
    let mut fields = Fields::new();
    if let Some(text) = cursor.arg().filter(|text| !text.is_empty()) {
        fields.insert(key, text);
    }
    fields
}
