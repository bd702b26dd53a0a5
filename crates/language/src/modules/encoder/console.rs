//! `console`: text for people.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "console",
    syntax: "console { message_key <key>  time_format <format>  time_local  level_format <format>  ... }",
    doc: "For people to read",
    rows: common::ROWS,
    read: |cursor| common::read(cursor, "console"),
};
