//! `query`: by a parameter of the query.

use serde_json::Value;

use super::fallback;
use crate::config::Module;
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_block};

/// The policy.
pub static POLICY: ModuleSpec = ModuleSpec {
    name: "query",
    syntax: "query <key> { fallback <policy> }",
    doc: "By a parameter of the query",
    rows: &[Row::new(
        "fallback",
        "<policy> [<options...>]",
        Kind::Custom(fallback),
        "The policy for requests without the parameter",
    )],
    read,
};

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let key = cursor.need_arg("the name of a query parameter")?;
    let mut module = Module::new();
    read_block(cursor, "query", POLICY.rows, &mut module)?;
    if !key.is_empty() {
        module.insert("key".to_owned(), Value::from(key));
    }
    Ok(module)
}
