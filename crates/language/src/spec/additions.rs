//! Modules and matchers that were declared while the program ran. Whoever reads words has them, as a [`Cursor`] carries them.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use ecow::EcoString;

use super::cursor::{Cursor, Known};
use super::fault::{Fault, Parsed};
use super::module::{MatcherModule, ModuleSpec, Namespace};
use super::text::Text;
use crate::config::{Module, Value};
use crate::diagnostics::Code;
use crate::source::Env;
use crate::syntax::Word;

/// A namespace that the stock build does not have.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What Caddy calls it.
    pub id: EcoString,
    /// The key that carries a module's name in JSON.
    pub key: EcoString,
    /// What one of its modules is called in a sentence.
    pub what: EcoString,
}

impl Opened {
    /// The fault of a word that is none of its modules.
    pub(crate) fn unknown(&self, word: &Word, names: &[&str]) -> Fault {
        let fault = Fault::new(Code::UNKNOWN_MODULE, word, format!("unknown {} `{}`", self.what, word.text));
        match super::suggest(&word.text, names.iter().copied()) {
            Some(near) => fault.suggest(word, Some(near)),
            None => fault.help(format!("it is one of {}", super::fault_list(names))),
        }
    }
}

/// What a namespace, which may be one of the stock build, has in addition.
#[derive(Clone, Default)]
pub struct Additions {
    modules: Vec<(Text, Arc<ModuleSpec>)>,
    matchers: Vec<Arc<MatcherModule>>,
    slots: Vec<Opened>,
    /// The variables that readers of modules look up.
    env: Env,
}

impl fmt::Debug for Additions {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let modules = self.modules.iter().map(|(_, module)| &module.name);
        f.debug_list().entries(modules.chain(self.matchers.iter().map(|matcher| &matcher.name))).finish()
    }
}

impl Additions {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.matchers.is_empty()
    }

    /// Adds a module to the namespace `id`; it takes the place of one of its name.
    pub(crate) fn add_module(&mut self, id: Text, module: Arc<ModuleSpec>) {
        self.modules.retain(|(of, known)| (of, &known.name) != (&id, &module.name));
        self.modules.push((id, module));
    }

    /// Adds a matcher, which takes the place of one of its name.
    pub(crate) fn add_matcher(&mut self, matcher: Arc<MatcherModule>) {
        self.matchers.retain(|known| known.name != matcher.name);
        self.matchers.push(matcher);
    }

    /// Adds a namespace.
    pub(crate) fn add_slot(&mut self, slot: Opened) {
        self.slots.push(slot);
    }

    /// The added namespace `id`.
    pub(crate) fn slot(&self, id: &str) -> Option<&Opened> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// The same, where variables have these values.
    pub(crate) fn in_environment(&self, env: &Env) -> Arc<Self> {
        Arc::new(Self { env: env.clone(), ..self.clone() })
    }

    /// The value of a variable.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.env.get(name)
    }

    /// The modules of the namespace `id`.
    pub fn modules<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a ModuleSpec> {
        self.modules.iter().filter(move |(of, _)| *of == *id).map(|(_, module)| &**module)
    }

    /// The matchers.
    pub fn matchers(&self) -> impl Iterator<Item = &MatcherModule> {
        self.matchers.iter().map(|matcher| &**matcher)
    }
}

impl Additions {
    /// The modules of a namespace, those of the stock build first.
    pub fn among<'a>(
        added: Option<&'a Self>,
        namespace: &Namespace,
    ) -> impl Iterator<Item = &'a ModuleSpec> + use<'a> {
        let id = namespace.id;
        let stock: &'static [&'static ModuleSpec] = namespace.all;
        let is_replaced = move |module: &&ModuleSpec| {
            added.is_some_and(|added| added.modules(id).any(|other| other.name == module.name))
        };
        let stock = stock.iter().copied().filter(move |module| !is_replaced(module));
        stock.chain(added.into_iter().flat_map(move |added| added.modules(id)))
    }

    /// The module of a namespace called `name`.
    pub fn find<'a>(added: Option<&'a Self>, namespace: &Namespace, name: &str) -> Option<&'a ModuleSpec> {
        let other = added.and_then(|added| added.modules(namespace.id).find(|module| module.name == *name));
        other.or_else(|| namespace.find(name))
    }

    /// Those that a cursor carries.
    pub(crate) fn of(known: Option<&dyn Known>) -> Option<&Self> {
        known?.as_any().downcast_ref()
    }
}

impl Known for Additions {
    fn has_module(&self, namespace: &str, name: &str) -> bool {
        self.modules(namespace).any(|module| module.name == *name)
    }

    fn is_opaque(&self, namespace: &str, name: &str) -> bool {
        self.modules(namespace).any(|module| module.is_opaque && module.name == *name)
    }

    fn read_module(&self, namespace: &str, cursor: &mut Cursor) -> Option<Parsed<Module>> {
        let module = self.modules(namespace).find(|module| module.name == *cursor.text())?;
        Some(module.read(cursor))
    }

    fn module_names(&self, namespace: &str) -> Vec<&str> {
        self.modules
            .iter()
            .filter(|(of, _)| *of == *namespace)
            .map(|(_, module)| module.name.as_str())
            .collect()
    }

    fn read_matcher(&self, name: &str, cursor: &mut Cursor) -> Option<Parsed<Value>> {
        let matcher = self.matchers().find(|matcher| matcher.name == *name)?;
        Some(matcher.read(cursor, ""))
    }

    fn matcher_names(&self) -> Vec<&str> {
        self.matchers.iter().map(|matcher| matcher.name.as_str()).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
