//! `network_proxy`: the proxy that an HTTP client goes through, in `transport http` and elsewhere (docs:
//! "`reverse_proxy`", "The http transport").

use crate::config::{Module, Value};
use crate::spec::{ModuleSpec, Namespace};

/// The namespace `caddy.network_proxy`.
pub static NAMESPACE: Namespace =
    Namespace { what: "source of a network proxy", key: "from", all: &[&NONE, &URL] };

/// No proxy, whatever the environment says.
static NONE: ModuleSpec = ModuleSpec {
    name: "none",
    syntax: "none",
    doc: "No proxy, whatever the environment says",
    rows: &[],
    read: |_| Ok(Module::new()),
};

/// A proxy by its address.
static URL: ModuleSpec = ModuleSpec {
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

/// The proxy at `url`, without the name of its source.
pub(crate) fn at(url: &str) -> Module {
    std::iter::once(("url".to_owned(), Value::from(url))).collect()
}
