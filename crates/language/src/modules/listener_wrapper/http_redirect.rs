//! `http_redirect`: answers plain HTTP on an HTTPS port with a redirect. Caddy does not look at anything behind its
//! name.

use crate::config::Fields;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "http_redirect",
    syntax: "http_redirect",
    doc: "Redirects plain HTTP on an HTTPS port",
    rows: &[],
    read: |_| Ok(Fields::new()),
};
