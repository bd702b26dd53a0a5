//! `tls`: marks where TLS stands among the wrappers. Caddy does not look at anything behind its name.

use crate::config::Fields;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "tls",
    syntax: "tls",
    doc: "The place of TLS among the wrappers",
    rows: &[],
    read: |_| Ok(Fields::new()),
};
