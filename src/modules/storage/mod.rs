//! Where Caddy keeps certificates and state: the modules of the `storage` option and of trust pools.

use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed};

mod file_system;

/// Every storage of the stock build.
pub static ALL: &[&ModuleSpec] = &[&file_system::MODULE];

/// Reads the storage that the current word names.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    super::read(cursor, ALL, "module", "storage")
}
