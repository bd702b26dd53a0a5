//! `tailscale`: the Tailscale service of this machine (docs: "tls", certificate managers).

use crate::config::{Fields, Module};
use crate::spec::{Cursor, ModuleSpec, Parsed};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec {
    name: "tailscale",
    syntax: "tailscale",
    doc: "Asks Tailscale for certificates",
    rows: &[],
    read,
};

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.no_args()?;
    Ok(Fields::new())
}
