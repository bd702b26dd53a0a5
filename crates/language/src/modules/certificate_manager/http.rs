//! `http`: a URL that answers with certificates (docs: "tls", certificate managers).

use crate::config::{Fields, Module, Value};
use crate::diagnostics::Code;
use crate::spec::{Cursor, Fault, ModuleSpec, Parsed, put};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new("http", "<url>", "Asks a URL for certificates", read);

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let url = cursor.one_arg("a URL")?;
    if cursor.next_block(0) {
        return Err(Fault::new(Code::UNKNOWN_SUBDIRECTIVE, cursor.word(), "`http` has no settings here")
            .help("remove the block"));
    }
    let mut fields = Fields::new();
    put(&mut fields, "url", (!url.is_empty()).then(|| Value::from(url)));
    Ok(fields)
}
