//! Where `dynamic` gets the upstreams of a `reverse_proxy` from (docs: "`reverse_proxy`", "Dynamic upstreams").

use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed};

mod a;
mod multi;
mod srv;

/// Every source of the stock build.
pub static ALL: &[&ModuleSpec] = &[&a::SOURCE, &multi::SOURCE, &srv::SOURCE];

/// Reads the source whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    super::read(cursor, "source of upstreams", "source", ALL)
}
