//! `static`: ranges that are written down.

use crate::config::{Fields, Module};
use crate::matchers::push_range;
use crate::spec::{Cursor, ModuleSpec};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "static",
    "<ranges...>",
    "These ranges; `private_ranges` means all private ranges",
    |cursor| Ok(read(cursor)),
);

fn read(cursor: &mut Cursor) -> Module {
    let mut fields = Fields::new();
    let mut ranges = Vec::new();
    while cursor.next_arg() {
        push_range(&mut ranges, cursor.text());
    }
    if !ranges.is_empty() {
        fields.insert("ranges", ranges);
    }
    fields
}
