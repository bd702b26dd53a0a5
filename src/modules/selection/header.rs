//! `header`: by a header field of the request.

use serde_json::Value;

use super::fallback;
use crate::config::Module;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_block};

/// The policy.
pub static POLICY: ModuleSpec = ModuleSpec {
    name: "header",
    syntax: "header <field> { fallback <policy> }",
    doc: "By a header field of the request",
    rows: &[Row::new(
        "fallback",
        "<policy> [<options...>]",
        Kind::Custom(fallback),
        "The policy for requests without the field",
    )],
    read,
};

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let field = cursor.need_arg("the name of a header field")?;
    let mut module = Module::new();
    read_block(cursor, "header", POLICY.rows, &mut module)?;
    if !field.is_empty() {
        module.insert("field".to_owned(), Value::from(field));
    }
    Ok(module)
}
