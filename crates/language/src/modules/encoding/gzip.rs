//! `gzip`.

use crate::config::{Fields, Module, integer};
use crate::go;
use crate::spec::{Cursor, ModuleSpec, Parsed, not_a};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("gzip", "[<level>]", "A format that all clients support", read);

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    // Caddy does not look at words behind the level.
    if let Some(text) = cursor.arg() {
        let level = go::atoi(&text).ok_or_else(|| not_a(cursor, "a level from 1 to 9", "5"))?;
        if level != 0 {
            fields.insert("level", integer(level));
        }
    }
    Ok(fields)
}
