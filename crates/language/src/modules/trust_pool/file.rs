//! `file`: certificates in PEM files (docs: "tls", trust pools).

use crate::spec::{Kind, ModuleSpec, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("file", "[<path...>]", "Trusts the certificates in PEM files", |cursor| {
        super::read_list(cursor, "pem_file", "pem_files", "the path of a PEM file")
    })
    .rows(ROWS);

const ROWS: &[Row] = &[Row::new("pem_file", "<path...>", Kind::Own, "Files with certificates")];
