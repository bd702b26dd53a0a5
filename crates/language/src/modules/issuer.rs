//! Issuers of certificates: what `issuer` of the directive `tls` and the option `cert_issuer` name.

use crate::config::{Fields, duration};
use crate::go;
use crate::spec::{Cursor, Namespace, Parsed, not_a_duration, put};

pub(crate) mod acme;
mod internal;
pub(crate) mod preferred_chains;
mod zerossl;

/// The namespace `tls.issuance`.
pub static NAMESPACE: Namespace = Namespace {
    id: "tls.issuance",
    what: "issuer",
    key: "module",
    all: &[&acme::MODULE, &internal::MODULE, &zerossl::MODULE],
};

/// The current word as the time after which a DNS record must be visible, in nanoseconds; `-1` for not to look.
pub(crate) fn propagation_timeout(cursor: &Cursor) -> Parsed<i64> {
    match cursor.text() {
        "-1" => Ok(-1),
        text => {
            go::caddy_duration(text).ok_or_else(|| not_a_duration(cursor).help("`-1` turns the wait off"))
        }
    }
}

/// Reads `propagation_timeout` into the field at `path`.
fn read_propagation_timeout(cursor: &mut Cursor, fields: &mut Fields, path: &str) -> Parsed<()> {
    cursor.need_arg("a duration or `-1`")?;
    let timeout = propagation_timeout(cursor)?;
    put(fields, path, (timeout != 0).then(|| duration(timeout)));
    Ok(())
}

/// Reads `resolvers`, which replace earlier ones, into the field at `path`.
fn read_resolvers(cursor: &mut Cursor, fields: &mut Fields, path: &str) -> Parsed<()> {
    let name = cursor.word().clone();
    let resolvers = cursor.arg_texts();
    if resolvers.is_empty() {
        return Err(cursor.missing(&name, "the address of a DNS server"));
    }
    put(fields, path, Some(resolvers.into()));
    Ok(())
}
