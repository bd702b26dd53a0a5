//! `console`: text for people.

use super::common;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("console", "", "For people to read", |cursor| common::read(cursor, "console"))
        .rows(common::ROWS);
