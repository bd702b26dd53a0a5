//! `pki_intermediate`: the intermediate certificates of Caddy's own authorities (docs: "tls", trust pools).

use crate::spec::{Kind, ModuleSpec, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "pki_intermediate",
    "[<ca_id...>]",
    "Trusts the intermediate certificates of local authorities",
    |cursor| super::read_list(cursor, "authority", "authority", "the id of an authority"),
)
.rows(ROWS);

const ROWS: &[Row] = &[Row::new("authority", "<ca_id...>", Kind::Own, "Authorities of the `pki` option")];
