//! `http_redirect`: answers plain HTTP on an HTTPS port with a redirect. Caddy does not look at anything behind its
//! name.

use crate::config::Fields;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("http_redirect", "", "Redirects plain HTTP on an HTTPS port", |_| Ok(Fields::new()));
