//! `internal`: one of Caddy's own authorities (docs: "tls", issuers).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, read_known};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("internal", "", "Issues certificates with Caddy's own authority", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("ca", "<id>", Kind::Text, "The certificate authority; `local` by default"),
    Row::new("lifetime", "<duration>", Kind::Duration, "How long certificates are valid").lenient(),
    Row::new("sign_with_root", "", Kind::On, "Signs with the root certificate instead of an intermediate"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    read_known(cursor, ("issuer", "internal"), &MODULE.rows, &mut fields)?;
    Ok(fields)
}
