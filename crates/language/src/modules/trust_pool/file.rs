//! `file`: certificates in PEM files (docs: "tls", trust pools).

use crate::spec::{Kind, ModuleSpec, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "file",
    syntax: "file [<path...>] { pem_file <path...> }",
    doc: "Trusts the certificates in PEM files",
    rows: &[Row::new("pem_file", "<path...>", Kind::Own, "Files with certificates")],
    read: |cursor| super::read_list(cursor, "pem_file", "pem_files", "the path of a PEM file"),
};
