//! How `lb_policy` chooses an upstream (docs: "`reverse_proxy`", "Load balancing").

use crate::config::Fields;
use crate::spec::{Cursor, Fault, Kind, Namespace, Parsed, Row};

mod bare;
mod cookie;
mod header;
mod query;
mod random_choose;
mod weighted_round_robin;

/// The namespace `http.reverse_proxy.selection_policies`.
pub static NAMESPACE: Namespace = Namespace {
    id: "http.reverse_proxy.selection_policies",
    what: "load balancing policy",
    key: "policy",
    all: &[
        &bare::CLIENT_IP_HASH,
        &cookie::MODULE,
        &bare::FIRST,
        &header::MODULE,
        &bare::IP_HASH,
        &bare::LEAST_CONN,
        &query::MODULE,
        &bare::RANDOM,
        &random_choose::MODULE,
        &bare::ROUND_ROBIN,
        &bare::URI_HASH,
        &weighted_round_robin::MODULE,
    ],
};

/// The row of [`fallback`]. A namespace cannot name itself in its rows, so it is read by a function.
const FALLBACK: Row = Row::new(
    "fallback",
    "<policy> [<options...>]",
    Kind::Custom(fallback),
    "The policy for requests without the key",
);

/// `fallback`: once only.
fn fallback(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let policy = NAMESPACE.read_arg(cursor)?;
    if fields.contains_key("fallback") {
        return Err(Fault::repeated(&name, "`fallback`"));
    }
    fields.insert("fallback", policy);
    Ok(())
}
