//! `console`: text for people.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("console", "", "Readable text", |cursor| common::read(cursor, "console"))
        .rows(common::ROWS);
