//! `json`: a JSON object a line.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("json", "", "A JSON object a line", |cursor| common::read(cursor, "json"))
        .rows(common::ROWS);
