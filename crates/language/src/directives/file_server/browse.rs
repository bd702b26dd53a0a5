//! `browse`: the listing of a folder.

use crate::config::Fields;
use crate::spec::{Cursor, Kind, Parsed, Row, Rows, append, not_a, read_block, suggest};

pub(super) const ROWS: Rows = &[
    Row::new("reveal_symlinks", "", Kind::On, "Shows the targets of symbolic links").once().lenient(),
    Row::new(
        "sort",
        "name|namedirfirst|size|time [asc|desc]",
        Kind::Custom(sort),
        "The order of the list, unless the client requests another one",
    ),
    Row::new("file_limit", "<number>", Kind::Integer, "The maximum number of entries in a list").once(),
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
