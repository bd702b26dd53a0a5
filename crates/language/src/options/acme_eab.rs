//! `acme_eab`: the account binding that an ACME server asks for (docs: "Global options").

use crate::config::{Fields, Value};
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Kind, Parsed, Row, read_block};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new("acme_eab", "", "The external account binding (EAB) for ACME servers", read).rows(ROWS).example("acme_eab {\n\tkey_id GD-VvWydSVFuss_GhBwYQQ\n\tmac_key MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA\n}");

const ROWS: &[Row] = &[
    Row::new("key_id", "<id>", Kind::Text, "The id of the key").lenient(),
    Row::new("mac_key", "<key>", Kind::Text, "The key").lenient(),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    cursor.no_args()?;
    let mut fields = Fields::new();
    read_block(cursor, "acme_eab", &OPTION.rows, &mut fields)?;
    // Both are written even when they are empty.
    for row in OPTION.rows.iter() {
        if !fields.contains_key(&row.name) {
            fields.insert(row.name.as_str(), "");
        }
    }
    options.acme_eab = Some(Value::Object(fields));
    Ok(())
}
