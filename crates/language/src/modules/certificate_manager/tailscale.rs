//! `tailscale`: the Tailscale service of this machine (docs: "tls", certificate managers).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec, Parsed};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("tailscale", "", "Asks Tailscale for certificates", read);

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.no_args()?;
    Ok(Fields::new())
}
