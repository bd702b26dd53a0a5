//! `network_proxy`: the proxy that an HTTP client goes through, in `transport http` and elsewhere (docs:
//! "`reverse_proxy`", "The http transport").

use crate::config::{Module, Value};
use crate::spec::{ModuleSpec, Namespace};

/// The namespace `caddy.network_proxy`.
pub static NAMESPACE: Namespace = Namespace {
    id: "caddy.network_proxy",
    what: "source of a network proxy",
    key: "from",
    all: &[&NONE, &URL],
};

/// No proxy, whatever the environment says.
static NONE: ModuleSpec =
    ModuleSpec::new("none", "", "No proxy, even if the environment sets one", |_| Ok(Module::new()));

/// A proxy by its address.
static URL: ModuleSpec = ModuleSpec::new("url", "<url>", "The proxy at this URL", |cursor| {
    // Caddy takes whatever follows, and the word `url` itself where nothing does.
    cursor.next();
    Ok(at(cursor.text()))
});

/// The proxy at `url`, without the name of its source.
pub(crate) fn at(url: &str) -> Module {
    std::iter::once(("url".to_owned(), Value::from(url))).collect()
}
