//! `header`: by a header field of the request.

use super::FALLBACK;
use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed, Row, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "header",
    "<field>",
    "Always the same upstream for the same value of a header field",
    read,
)
.rows(ROWS);

const ROWS: &[Row] = &[FALLBACK];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let field = cursor.need_arg("the name of a header field")?;
    let mut module = Module::new();
    read_block(cursor, "header", &MODULE.rows, &mut module)?;
    if !field.is_empty() {
        module.insert("field", field);
    }
    Ok(module)
}
