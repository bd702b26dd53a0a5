//! How a `reverse_proxy` talks to its upstreams (docs: "`reverse_proxy`", "Transports").

use crate::config::Module;
use crate::spec::{Cursor, Namespace, Parsed};

pub mod fastcgi;
pub mod http;
mod keepalive;
mod tls;

/// Those of the stock build.
pub static NAMESPACE: Namespace =
    Namespace { what: "transport", key: "protocol", all: &[&fastcgi::TRANSPORT, &http::TRANSPORT] };

/// Reads the transport whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    NAMESPACE.read(cursor)
}
