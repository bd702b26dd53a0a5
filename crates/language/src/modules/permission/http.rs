//! `http`: a URL that answers with 200 for names that may have a certificate (docs: "Global options", `on_demand_tls`).

use crate::config::{Fields, Module, Value};
use crate::spec::{Cursor, ModuleSpec, Parsed};

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "http",
    "<url>",
    "Asks a URL whether a name may have a certificate",
    |cursor: &mut Cursor| -> Parsed<Module> { Ok(fields(&cursor.one_arg("a URL")?)) },
);

/// The permission that asks `endpoint`, with its name.
pub(crate) fn permission(endpoint: &str) -> Module {
    let mut module = fields(endpoint);
    module.insert("module", MODULE.name.as_str());
    module
}

/// The endpoint is written even when it is empty.
fn fields(endpoint: &str) -> Module {
    Fields::from_iter([("endpoint".to_owned(), Value::from(endpoint))])
}
