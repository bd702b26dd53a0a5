//! The policies that are a name and nothing more.

use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Parsed};

const fn policy(name: &'static str, doc: &'static str) -> ModuleSpec {
    ModuleSpec::new(name, "", doc, read)
}

/// `random`, the default.
pub(crate) static RANDOM: ModuleSpec = policy("random", "A random upstream");

/// `least_conn`.
pub(crate) static LEAST_CONN: ModuleSpec =
    policy("least_conn", "The upstream with the fewest current requests");

/// `round_robin`.
pub(crate) static ROUND_ROBIN: ModuleSpec = policy("round_robin", "Each upstream in turn").by_order();

/// `first`.
pub(crate) static FIRST: ModuleSpec = policy("first", "The first upstream that is available").by_order();

/// `ip_hash`.
pub(crate) static IP_HASH: ModuleSpec =
    policy("ip_hash", "Always the same upstream for the same peer address");

/// `client_ip_hash`.
pub(crate) static CLIENT_IP_HASH: ModuleSpec = policy(
    "client_ip_hash",
    "Always the same upstream for the same client address; trusted proxies are taken into account",
);

/// `uri_hash`.
pub(crate) static URI_HASH: ModuleSpec =
    policy("uri_hash", "Always the same upstream for the same path and query");

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.no_args()?;
    Ok(Module::new())
}
