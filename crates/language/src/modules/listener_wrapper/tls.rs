//! `tls`: marks where TLS stands among the wrappers. Caddy does not look at anything behind its name.

use crate::config::Fields;
use crate::spec::ModuleSpec;

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("tls", "", "The position of TLS among the wrappers", |_| Ok(Fields::new()));
