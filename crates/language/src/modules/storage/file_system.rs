//! `file_system`: a folder.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Fault, Kind, ModuleSpec, Parsed, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("file_system", "[<root>]", "A folder", read).rows(ROWS);

const ROWS: &[Row] =
    &[Row::new("root", "<path>", Kind::Own, "The folder; another way to write the argument")];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut root = cursor.arg().unwrap_or_default();
    cursor.no_more_args(&name, "one folder")?;
    cursor.block(|cursor| {
        if cursor.text() != "root" {
            return Err(cursor.unknown(&MODULE.name, ["root"]));
        }
        let row = cursor.word().clone();
        let text = cursor.one_arg("a folder")?;
        if !root.is_empty() {
            return Err(Fault::repeated(&row, "the folder"));
        }
        root = text;
        Ok(())
    })?;
    if root.is_empty() {
        return Err(cursor
            .missing(&name, "a folder")
            .help("to keep the default folder, leave the `storage` option out"));
    }
    let mut fields = Fields::new();
    fields.insert("root", root);
    Ok(fields)
}
