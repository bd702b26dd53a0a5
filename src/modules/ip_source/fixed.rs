//! `static`: ranges that are written down.

use serde_json::json;

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec, Parsed};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "static",
    syntax: "static <ranges...>",
    doc: "These ranges; `private_ranges` stands for all private ones",
    rows: &[],
    read,
};

/// What `private_ranges` stands for.
pub const PRIVATE_RANGES: [&str; 6] =
    ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.1/8", "fd00::/8", "::1"];

/// The ranges with `private_ranges` written out.
pub fn expand_private(ranges: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for range in ranges {
        if range == "private_ranges" {
            out.extend(PRIVATE_RANGES.map(str::to_owned));
        } else {
            out.push(range);
        }
    }
    out
}

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    let ranges = expand_private(cursor.arg_texts());
    if !ranges.is_empty() {
        fields.insert("ranges".to_owned(), json!(ranges));
    }
    Ok(fields)
}
