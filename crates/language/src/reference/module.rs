//! The modules of the stock build, as Caddy's JSON names them.

use std::collections::BTreeSet;
use std::fmt;

use crate::{directives, matchers, modules};

/// What Caddy calls a module: `http.handlers.encode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModuleId {
    /// The part up to the last dot; empty for apps.
    pub namespace: &'static str,
    /// The rest.
    pub name: &'static str,
}

impl fmt::Display for ModuleId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let dot = if self.namespace.is_empty() { "" } else { "." };
        write!(f, "{}{dot}{}", self.namespace, self.name)
    }
}

/// Every module of the stock build that a configuration can name: the handlers of directives, matchers, what directives name
/// inside themselves, and what no word names. Each comes once, in order.
pub fn modules() -> impl Iterator<Item = ModuleId> {
    let handlers = directives::ALL.iter().filter_map(|directive| directive.handler);
    let handlers = handlers.map(|handler| ("http.handlers", handler.name));
    let matchers = matchers::ALL.iter().map(|matcher| ("http.matchers", matcher.name.as_str()));
    let named = modules::ALL
        .iter()
        .flat_map(|namespace| namespace.all.iter().map(move |module| (namespace.id, module.name.as_str())));
    let unnamed = modules::unnamed::ALL.iter().map(|id| id.rsplit_once('.').unwrap_or(("", *id)));
    let all: BTreeSet<(&str, &str)> = handlers.chain(matchers).chain(named).chain(unnamed).collect();
    all.into_iter().map(|(namespace, name)| ModuleId { namespace, name })
}
