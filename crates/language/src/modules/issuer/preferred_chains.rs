//! Which certificate chain is taken where an authority offers several: `preferred_chains` of the ACME issuer and of
//! the global options.

use crate::config::{Fields, Value};
use crate::spec::{Cursor, Kind, Parsed, Row, append, conflict, value};
use crate::version::Change;

/// What stands in the block.
pub(crate) const ROWS: &[Row] = &[
    Row::new("root_common_name", "<name...>", Kind::Own, "Chains that end at a root with one of these names"),
    Row::new("any_common_name", "<name...>", Kind::Own, "Chains with a certificate of one of these names"),
];

/// Reads from the name `preferred_chains` on: `smallest`, or a block.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Value> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    if let Some(word) = cursor.arg() {
        if word != "smallest" {
            return Err(value::preferred_chains(cursor.word()));
        }
        cursor.no_more_args(&name, "`smallest`")?;
        if cursor.next_block(cursor.nesting()) {
            return Err(conflict::value_and_block(cursor.word(), "smallest"));
        }
        fields.insert("smallest", true);
    }
    let level = cursor.nesting();
    while cursor.next_block(level) {
        read_names(cursor, &mut fields)?;
    }
    if fields.is_empty() {
        return Err(cursor.missing(&name, "`smallest`, or a block with names"));
    }
    Ok(Value::Object(fields))
}

fn read_names(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let row = cursor.word().clone();
    let other = match row.text.as_str() {
        "root_common_name" => "any_common_name",
        "any_common_name" => "root_common_name",
        _ => return Err(cursor.unknown("preferred_chains", ROWS.iter().map(|row| &*row.name))),
    };
    let names = cursor.arg_texts();
    if names.is_empty() {
        return Err(cursor.missing(&row, "a common name"));
    }
    if fields.contains_key(other) {
        return Err(conflict::exclusive(&row, &row.text, other, "keep one of them"));
    }
    if !cursor.version().has(Change::PreferredChainsAdd) {
        fields.remove(&row.text);
    }
    append(fields, &row.text, names);
    Ok(())
}
