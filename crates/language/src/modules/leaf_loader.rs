//! Loaders of leaf certificates: where the verifier `leaf` finds the certificates that it accepts.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Namespace, append};

mod file;
mod folder;
mod pem;

/// The namespace `tls.leaf_cert_loader`, without `storage`, which a Caddyfile cannot set up.
pub(crate) static NAMESPACE: Namespace = Namespace {
    id: "tls.leaf_cert_loader",
    what: "loader of leaf certificates",
    key: "loader",
    all: &[&file::MODULE, &folder::MODULE, &pem::MODULE],
};

/// All arguments as the list `field`; a block is not looked at.
fn read_list(cursor: &mut Cursor, field: &str) -> Module {
    let mut fields = Fields::new();
    append(&mut fields, field, cursor.arg_texts());
    fields
}
