//! The words of a Caddy program, by the modules that it lists. Of those that no definition describes only the names are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;

use super::definition::Definition;
use super::packages::{packages, shipped};
use super::read::{Author, definition};
use super::words::{module_ids, opaque_matcher, opaque_module, opaque_option};
use crate::diagnostics::opaque::Owner;
use crate::lower::{At, Directive, Registry};
use crate::spec::{Text, plugin};
use crate::{matchers, modules, options, reference};

/// The package of Caddy itself.
const CADDY: &str = "github.com/caddyserver/caddy/v2";

/// Namespaces whose modules no word of a Caddyfile names.
const NAMELESS: &[&str] =
    &["admin.api", "caddy.adapters", "caddy.config_loaders", "caddy.filesystems", "events.handlers"];

/// A Caddy program and what it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// The program, as messages name it.
    pub program: String,
    /// What `caddy list-modules --packages` prints: each module, and the Go module that it comes from, where it says so.
    pub modules: BTreeMap<String, Option<String>>,
}

impl Build {
    /// Whether it has any of the words of a package.
    pub(super) fn has_package(&self, package: &str, definition: Option<&Definition>) -> bool {
        let brings =
            |of: &str| package == of || package.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'));
        if self.modules.values().flatten().any(|of| of != CADDY && brings(of)) {
            return true;
        }
        let Some(definition) = definition else { return false };
        let mut ids = module_ids(definition).filter(|id| !is_stock(id)).peekable();
        // Whether it has a package without words is not to be seen.
        let is_silent = ids.peek().is_none() && self.modules.values().all(Option::is_none);
        is_silent || ids.any(|id| self.modules.contains_key(&id))
    }

    /// The packages of the program whose definitions fit: the program says that it has the package, and has its modules.
    pub(super) fn defined(&self) -> Vec<&'static str> {
        let sources: BTreeSet<&str> = self.modules.values().flatten().map(String::as_str).collect();
        let comes_from = |package: &str| {
            let mut ends = package.match_indices('/').map(|(at, _)| at).chain([package.len()]);
            ends.any(|end| sources.contains(&package[..end]))
        };
        let has_words = |package: &&str| {
            let found = shipped(package).and_then(|text| definition(text, Author::Program).ok());
            found.is_some_and(|found| {
                module_ids(&found).any(|id| !is_stock(&id) && self.modules.contains_key(&id))
            })
        };
        packages().filter(|package| comes_from(package)).filter(has_words).collect()
    }

    /// The modules that the stock build does not have, each with its namespace and its name.
    fn others(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let others = self.modules.iter().filter(|(id, of)| match of {
            Some(of) => of != CADDY,
            None => !is_stock(id),
        });
        others.map(|(id, _)| {
            let (namespace, name) = id.rsplit_once('.').unwrap_or(("", id));
            (id.as_str(), namespace, name)
        })
    }

    /// The packages that it has beyond the stock build: those whose definitions fit, and where there is none the Go modules.
    pub fn packages(&self) -> BTreeSet<String> {
        let defined = self.defined();
        let others = self.others().filter_map(|(id, ..)| self.modules.get(id)?.as_deref());
        let is_defined = |of: &&str| {
            defined.iter().any(|package| {
                package == of || package.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let others: Vec<String> = others.filter(|of| !is_defined(of)).map(str::to_owned).collect();
        defined.iter().map(|package| (*package).to_owned()).chain(others).collect()
    }

    /// Whether it has any module that the stock build does not have.
    pub fn has_plugins(&self) -> bool {
        self.others().next().is_some()
    }
}

fn is_stock(id: &str) -> bool {
    let apart = id.rsplit_once('.').unwrap_or(("", id));
    reference::modules().any(|known| (known.namespace, known.name) == apart)
}

/// Adds what the program has and nothing defines. A directive stands before all others, so that nothing keeps requests from
/// it: where it really stands, only the program knows.
pub(super) fn add(mut registry: Registry, build: &Build) -> Registry {
    let owner = || Owner::Program(build.program.as_str().into());
    let about = || Text::Shared(format!("A plugin of {}", build.program).into());
    for (id, namespace, name) in build.others() {
        registry = registry.making(id);
        if NAMELESS.contains(&namespace) {
            continue;
        }
        let text = EcoString::from(name);
        if namespace == "http.matchers" {
            if matchers::find(registry.additions(), name).is_none() {
                registry = registry.with_matcher(Arc::new(opaque_matcher(&text, about(), owner())));
            }
        } else if let Some(slot) = modules::ALL.iter().find(|slot| slot.id == namespace) {
            let is_added = registry
                .additions()
                .is_some_and(|added| added.modules(slot.id).any(|known| known.name == *name));
            if !is_added && slot.find(name).is_none() {
                let module = opaque_module(&text, about(), owner());
                registry = registry.with_module(Text::Static(slot.id), Arc::new(module));
            }
        } else if namespace.starts_with("http.") {
            registry = directive(registry, name, namespace, build);
        }
        if options::find(&registry, name).is_none()
            && (namespace.is_empty() || namespace.starts_with("http.handlers"))
        {
            registry = registry.with_option(Arc::new(opaque_option(&text, about(), &text, owner())));
        }
    }
    // Words that are called otherwise than their modules.
    for word in plugin::all().filter(|word| build.modules.contains_key(word.module)) {
        let text = EcoString::from(word.name);
        match word.what {
            "directive" => registry = directive(registry, word.name, word.module, build),
            "global option" if options::find(&registry, word.name).is_none() => {
                registry = registry.with_option(Arc::new(opaque_option(&text, about(), &text, owner())));
            }
            _ => {}
        }
    }
    registry
}

fn directive(registry: Registry, name: &str, module: &str, build: &Build) -> Registry {
    if registry.find(name).is_some() {
        return registry;
    }
    let owner = Owner::Program(build.program.as_str().into());
    let about = Text::Shared(format!("A plugin of {}", build.program).into());
    // What a provider of logins makes lies in a handler that it does not name.
    let handler = module.strip_prefix("http.handlers.").unwrap_or(name);
    let text = Text::Shared(name.into());
    registry
        .making(format!("http.handlers.{handler}"))
        .with(Arc::new(Directive::opaque(text, about, handler.into(), owner)), At::First)
}
