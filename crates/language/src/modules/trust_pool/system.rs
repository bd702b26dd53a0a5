//! `system`: the certificates that the machine trusts (docs: "tls", trust pools).

use crate::config::{Fields, Module};
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, ModuleSpec, Parsed};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("system", "", "Trusts the certificates that the machine trusts", read);

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    cursor.no_args()?;
    if cursor.next_block(cursor.nesting()) {
        return Err(Fault::new(Code::UNKNOWN_SUBDIRECTIVE, cursor.word(), "`system` has no settings")
            .help("remove the block"));
    }
    Ok(Fields::new())
}
