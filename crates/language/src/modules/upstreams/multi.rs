//! `multi`: from several sources, one after the other.

use crate::config::{Module, Value};
use crate::spec::{Cursor, ModuleSpec, Parsed};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("multi", "", "Combines several sources", read).lines("<source> [<options...>]");

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.no_args()?;
    let mut sources = Vec::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        sources.push(Value::Object(super::NAMESPACE.read(cursor)?));
    }
    let mut module = Module::new();
    if !sources.is_empty() {
        module.insert("sources", sources);
    }
    Ok(module)
}
