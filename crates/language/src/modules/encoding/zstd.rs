//! `zstd`.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Fault, Kind, ModuleSpec, Parsed, Row, not_a, suggest};
use crate::version::Change;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("zstd", "[<level>]", "A format that is smaller and faster than gzip", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("level", "fastest|default|better|best", Kind::Own, "The compression level").once(),
    Row::new("disable_checksum", "", Kind::Own, "Does not add a checksum").once(),
];

const LEVELS: [&str; 4] = ["fastest", "default", "better", "best"];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let reads_block = cursor.version().has(Change::ZstdBlock);
    let mut fields = Fields::new();
    // Before 2.8.4, there are no levels, and words behind the name are not looked at.
    if !cursor.version().has(Change::ZstdLevels) {
        return Ok(fields);
    }
    if cursor.next_arg() {
        level(cursor, &mut fields)?;
        if reads_block {
            cursor.no_more_args(&name, "one level")?;
        }
    }
    if !reads_block {
        // Before 2.11.3, Caddy looks at nothing else.
        return Ok(fields);
    }
    cursor.block(|cursor| {
        let row = cursor.word().clone();
        match row.text.as_str() {
            "level" => {
                cursor.one_arg("a level")?;
                once(&fields, "level", &row)?;
                level(cursor, &mut fields)?;
            }
            "disable_checksum" => {
                cursor.no_args()?;
                once(&fields, "checksum", &row)?;
                fields.insert("checksum", false);
            }
            _ => return Err(cursor.unknown(&MODULE.name, MODULE.rows.iter().map(|row| &*row.name))),
        }
        Ok(())
    })?;
    Ok(fields)
}

/// The current word as a level, in any case; it keeps the case it has.
fn level(cursor: &Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.text();
    if !LEVELS.iter().any(|level| level.eq_ignore_ascii_case(text)) {
        return Err(not_a(cursor, "one of `fastest`, `default`, `better` and `best`", "better")
            .suggest(cursor.word(), suggest(text, LEVELS)));
    }
    fields.insert("level", text);
    Ok(())
}

fn once(fields: &Fields, key: &str, row: &crate::syntax::Word) -> Parsed<()> {
    if fields.contains_key(key) {
        return Err(Fault::repeated(row, format!("`{}`", row.text)));
    }
    Ok(())
}
