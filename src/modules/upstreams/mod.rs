//! Where `dynamic` gets the upstreams of a `reverse_proxy` from (docs: "`reverse_proxy`", "Dynamic upstreams").

use crate::config::Module;
use crate::spec::{Cursor, Namespace, Parsed};

mod a;
mod multi;
mod srv;

/// Those of the stock build.
pub static NAMESPACE: Namespace = Namespace {
    what: "source of upstreams",
    key: "source",
    all: &[&a::SOURCE, &multi::SOURCE, &srv::SOURCE],
};

/// Reads the source whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    NAMESPACE.read(cursor)
}
