//! `query`: by a parameter of the query.

use super::FALLBACK;
use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed, Row, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "query",
    "<key>",
    "Always the same upstream for the same value of a query parameter",
    read,
)
.rows(ROWS);

const ROWS: &[Row] = &[FALLBACK];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let key = cursor.need_arg("the name of a query parameter")?;
    let mut module = Module::new();
    read_block(cursor, "query", &MODULE.rows, &mut module)?;
    if !key.is_empty() {
        module.insert("key", key);
    }
    Ok(module)
}
