//! How a `reverse_proxy` talks to its upstreams (docs: "`reverse_proxy`", "Transports").

use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed};

pub mod fastcgi;
pub mod http;
mod keepalive;
mod tls;

/// Every transport of the stock build.
pub static ALL: &[&ModuleSpec] = &[&fastcgi::TRANSPORT, &http::TRANSPORT];

/// Reads the transport whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    super::read(cursor, "transport", "protocol", ALL)
}
