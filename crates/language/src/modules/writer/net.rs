//! `net`: a socket.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_known};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("net", "<address>", "A network socket", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("dial_timeout", "<duration>", Kind::Duration, "The time limit for connecting"),
    Row::new("soft_start", "", Kind::On, "Starts even if the address cannot be reached"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    let address = cursor.one_arg("an address")?;
    if !address.is_empty() {
        fields.insert("address", address);
    }
    read_known(cursor, ("log writer", &MODULE.name), &MODULE.rows, &mut fields)?;
    Ok(fields)
}
