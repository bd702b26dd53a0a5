//! `json`: a JSON object a line.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("json", "", "One JSON object for each line", |cursor| common::read(cursor, "json"))
        .rows(common::ROWS);
