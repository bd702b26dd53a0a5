//! `network_proxy`: the proxy that an HTTP client goes through, in `transport http` and elsewhere (docs:
//! "`reverse_proxy`", "The http transport").

use serde_json::Value;

use crate::config::Module;
use crate::spec::{Cursor, ModuleSpec, Namespace, Parsed};

/// Those of the stock build.
pub static NAMESPACE: Namespace = Namespace { what: "source of a proxy", key: "from", all: &[&NONE, &URL] };

/// No proxy, whatever the environment says.
pub static NONE: ModuleSpec = ModuleSpec {
    name: "none",
    syntax: "none",
    doc: "No proxy, whatever the environment says",
    rows: &[],
    read: |_| Ok(Module::new()),
};

/// A proxy by its address.
pub static URL: ModuleSpec = ModuleSpec {
    name: "url",
    syntax: "url <url>",
    doc: "The proxy at this URL",
    rows: &[],
    read: |cursor| {
        // Caddy takes whatever follows, and the word `url` itself where nothing does.
        cursor.next();
        Ok(at(cursor.text()))
    },
};

/// Reads the source whose name is the current word.
pub fn read(cursor: &mut Cursor) -> Parsed<Module> {
    NAMESPACE.read(cursor)
}

/// The proxy at `url`, without the name of its source.
pub fn at(url: &str) -> Module {
    std::iter::once(("url".to_owned(), Value::from(url))).collect()
}
