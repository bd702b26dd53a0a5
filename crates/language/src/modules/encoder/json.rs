//! `json`: a JSON object a line.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "json",
    syntax: "json { message_key <key>  time_format <format>  time_local  level_format <format>  ... }",
    doc: "A JSON object a line",
    rows: common::ROWS,
    read: |cursor| common::read(cursor, "json"),
};
