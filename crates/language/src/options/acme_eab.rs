//! `acme_eab`: the account binding that an ACME server asks for (docs: "Global options").

use crate::config::{Fields, Value};
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, Parsed, Row, read_block};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "acme_eab",
    syntax: "acme_eab { key_id <id>  mac_key <key> }",
    doc: "The account binding that an ACME server asks for",
    rows: &[
        Row::new("key_id", "<id>", Kind::Text, "The id of the key").lenient(),
        Row::new("mac_key", "<key>", Kind::Text, "The key").lenient(),
    ],
    example: "acme_eab {\n\tkey_id GD-VvWydSVFuss_GhBwYQQ\n\tmac_key MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA\n}",
    read,
};

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    cursor.no_args()?;
    let mut fields = Fields::new();
    read_block(cursor, "acme_eab", OPTION.rows, &mut fields)?;
    // Both are written even when they are empty.
    for row in OPTION.rows {
        if !fields.contains_key(row.name) {
            fields.insert(row.name, "");
        }
    }
    options.acme_eab = Some(Value::Object(fields));
    Ok(())
}
