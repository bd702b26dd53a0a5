//! `file_system`: a folder of this machine (docs: "Global options", `storage`).

use serde_json::Value;

use crate::config::{Fields, Module};
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, Kind, ModuleSpec, Parsed, Row};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "file_system",
    syntax: "file_system [<root>] { root <path> }",
    doc: "Keeps everything in a folder of this machine",
    rows: &[Row::new("root", "<path>", Kind::Own, "The folder, if it is not on the module's line")],
    read,
};

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut root = cursor.arg().unwrap_or_default();
    cursor.no_more_args(&name, "one folder")?;
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if cursor.text() != "root" {
            return Err(cursor.unknown("file_system", MODULE.rows.iter().map(|row| row.name)));
        }
        let word = cursor.word().clone();
        let path = cursor.one_arg("a folder")?;
        if !root.is_empty() {
            return Err(
                Fault::new(Code::REPEATED, &word, "the folder is given twice").help("keep one of them")
            );
        }
        root = path;
    }
    if root.is_empty() {
        return Err(cursor
            .missing(&name, "a folder")
            .help("leave the storage out altogether to use Caddy's own folder"));
    }
    Ok(Fields::from_iter([("root".to_owned(), Value::from(root))]))
}
