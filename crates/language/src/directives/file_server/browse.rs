//! `browse`: the listing of a folder.

use crate::config::{Fields, integer};
use crate::go;
use crate::spec::{Cursor, Fault, Kind, Parsed, Row, Rows, append, not_a, put, read_block, suggest};
use crate::version::Change;

pub(super) const ROWS: Rows = &[
    Row::new("reveal_symlinks", "", Kind::On, "Shows the targets of symbolic links").once().lenient(),
    Row::new(
        "sort",
        "name|namedirfirst|size|time [asc|desc]",
        Kind::Custom(sort),
        "The order of the list, unless the client requests another one",
    ),
    Row::new("file_limit", "<number>", Kind::Custom(file_limit), "The maximum number of entries in a list"),
    Row::new(
        "plain_time_format",
        "<layout>",
        Kind::Custom(plain_time_format),
        "How lists in plain text write times, as a format of Go",
    ),
];

const ORDERS: [&str; 6] = ["name", "namedirfirst", "size", "time", "asc", "desc"];

/// Reads the template and the block.
pub(super) fn read(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let mut browse = Fields::new();
    if let Some(template) = cursor.arg().filter(|template| !template.is_empty()) {
        browse.insert("template_file", template);
    }
    read_block(cursor, "browse", ROWS, &mut browse)?;
    fields.insert("browse", browse);
    Ok(())
}

/// An integer. Before 2.11.7, Caddy takes a text that is none for zero.
fn file_limit(cursor: &mut Cursor, browse: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    if browse.get("file_limit").is_some() {
        return Err(Fault::repeated(&name, "`file_limit`"));
    }
    let text = cursor.one_arg("a whole number")?;
    let number = match go::atoi(&text) {
        Some(number) => number,
        None if cursor.version().has(Change::FileLimitChecked) => {
            return Err(not_a(cursor, "a whole number", "42"));
        }
        None => 0,
    };
    put(browse, "file_limit", (number != 0).then(|| integer(number)));
    Ok(())
}

fn plain_time_format(cursor: &mut Cursor, browse: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let layout = cursor.one_arg("one format, in quotes if it has spaces")?;
    if layout.is_empty() {
        return Err(cursor.missing(&name, "a format that is not empty"));
    }
    if browse.get("plain_time_format").is_some() {
        return Err(Fault::repeated(&name, "`plain_time_format`"));
    }
    browse.insert("plain_time_format", layout);
    Ok(())
}

fn sort(cursor: &mut Cursor, browse: &mut Fields) -> Parsed<()> {
    while cursor.next_arg() {
        let text = cursor.owned();
        if !ORDERS.contains(&text.as_str()) {
            return Err(not_a(
                cursor,
                "an order: `name`, `namedirfirst`, `size`, `time`, `asc` or `desc`",
                "name",
            )
            .suggest(cursor.word(), suggest(&text, ORDERS)));
        }
        append(browse, "sort", vec![text]);
    }
    Ok(())
}
