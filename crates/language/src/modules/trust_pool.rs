//! Trust pools: where the certificates of trusted authorities come from. Client authentication, reverse proxies and
//! other pools name them.

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, Namespace, Parsed, append};

mod combined;
mod file;
mod http;
mod inline;
mod pki_intermediate;
mod pki_root;
mod storage;
mod system;

/// The namespace `tls.ca_pool.source`.
pub static NAMESPACE: Namespace = Namespace {
    id: "tls.ca_pool.source",
    what: "trust pool",
    key: "provider",
    all: &[
        &combined::MODULE,
        &file::MODULE,
        &http::MODULE,
        &inline::MODULE,
        &pki_intermediate::MODULE,
        &pki_root::MODULE,
        &storage::MODULE,
        &system::MODULE,
    ],
};

/// Reads `name values…` and a block of lines `row values…` into one list at `field`; no value at all is a fault.
fn read_list(cursor: &mut Cursor, row: &'static str, field: &str, what: &str) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut fields = Fields::new();
    append(&mut fields, field, cursor.arg_texts());
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if cursor.text() != row {
            return Err(cursor.unknown(&name.text, [row]));
        }
        append(&mut fields, field, cursor.arg_texts());
    }
    if fields.get(field).and_then(Value::as_array).is_none_or(<[Value]>::is_empty) {
        return Err(cursor.missing(&name, what));
    }
    Ok(fields)
}
