//! `random_choose`: the least busy of some upstreams that are drawn by lot.

use crate::config::{Module, integer};
use crate::go::atoi;
use crate::spec::{Cursor, ModuleSpec, Parsed, not_a};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "random_choose",
    "<number>",
    "The upstream with the fewest requests among this many random upstreams",
    read,
);

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let text = cursor.need_arg("a number of upstreams")?;
    let number = atoi(&text).ok_or_else(|| not_a(cursor, "a whole number", "2"))?;
    let mut module = Module::new();
    if number != 0 {
        module.insert("choose", integer(number));
    }
    Ok(module)
}
