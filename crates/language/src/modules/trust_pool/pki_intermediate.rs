//! `pki_intermediate`: the intermediate certificates of Caddy's own authorities (docs: "tls", trust pools).

use crate::spec::{Kind, ModuleSpec, Row};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "pki_intermediate",
    syntax: "pki_intermediate [<ca_id...>] { authority <ca_id...> }",
    doc: "Trusts the intermediate certificates of local authorities",
    rows: &[Row::new("authority", "<ca_id...>", Kind::Own, "Authorities of the `pki` option")],
    read: |cursor| super::read_list(cursor, "authority", "authority", "the id of an authority"),
};
