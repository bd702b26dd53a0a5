//! Matchers and modules as data, and the namespaces of modules: what their lists hold and everything else is read from.

use ecow::EcoString;

use super::age;
use super::cursor::Cursor;
use super::fault::{Fault, Parsed};
use super::plugin;
use super::reader::{MatcherReader, ModuleReader, Reader};
use super::row::{Row, Rows};
use super::syntax::{Holds, syntax};
use super::text::{List, Text, set};
use crate::config::{Module, Value};
use crate::diagnostics::Code;

/// A request matcher.
pub struct MatcherModule {
    /// Its name.
    pub name: Text,
    /// Its arguments, as help prints them.
    pub args: Text,
    /// One line of help.
    pub(crate) doc: Text,
    /// Its subdirectives.
    pub rows: List<Row>,
    /// What its block may hold.
    pub holds: Holds,
    /// An example, as it would stand behind `@name`.
    pub(crate) example: Text,
    /// Reads all its lines (one after the other, each from the matcher's name on) into its JSON. The text is the name of
    /// the matcher definition, without `@`.
    pub(crate) reader: MatcherReader,
}

impl MatcherModule {
    /// A matcher without subdirectives.
    pub(crate) const fn new(
        name: &'static str,
        args: &'static str,
        doc: &'static str,
        read: fn(&mut Cursor, &str) -> Parsed<Value>,
    ) -> Self {
        Self {
            name: Text::Static(name),
            args: Text::Static(args),
            doc: Text::Static(doc),
            rows: List::Static(&[]),
            holds: Holds::Rows,
            example: Text::Static(""),
            reader: Reader::Static(read),
        }
    }

    /// Reads all lines of the matcher definition `name`; see [`Self::reader`].
    pub(crate) fn read(&self, cursor: &mut Cursor, name: &str) -> Parsed<Value> {
        match &self.reader {
            Reader::Static(read) => read(cursor, name),
            Reader::Shared(read) => read(cursor),
        }
    }

    /// Its subdirectives.
    #[must_use]
    pub(crate) const fn rows(mut self, rows: Rows) -> Self {
        set(&mut self.rows, List::Static(rows));
        self
    }

    /// What its block may hold, if that is more than its rows.
    #[must_use]
    pub(crate) const fn holds(mut self, holds: Holds) -> Self {
        self.holds = holds;
        self
    }

    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        syntax(&self.name, &self.args, "", self.rows.iter().map(Row::syntax), self.holds)
    }

    /// An example.
    #[must_use]
    pub(crate) const fn example(mut self, example: &'static str) -> Self {
        set(&mut self.example, Text::Static(example));
        self
    }
}

/// A module that a directive names inside itself: a policy, a transport, a writer.
pub struct ModuleSpec {
    /// Its name.
    pub name: Text,
    /// Its arguments, as help prints them.
    pub args: Text,
    /// One line of help.
    pub doc: Text,
    /// Its subdirectives.
    pub rows: List<Row>,
    /// How the lines of its block begin that no row describes.
    pub lines: Text,
    /// Whether what it does depends on the order in which others are listed: the upstreams of a policy.
    pub goes_by_order: bool,
    /// Whether only its name is known.
    pub is_opaque: bool,
    /// What an HTTPS upstream adds to a transport.
    pub(crate) https: Vec<(EcoString, Value)>,
    /// Reads its words, from its name on (the current word), into its fields, without the key that names it.
    pub(crate) reader: ModuleReader,
}

impl ModuleSpec {
    /// A module without subdirectives.
    pub(crate) const fn new(
        name: &'static str,
        args: &'static str,
        doc: &'static str,
        read: fn(&mut Cursor) -> Parsed<Module>,
    ) -> Self {
        Self {
            name: Text::Static(name),
            args: Text::Static(args),
            doc: Text::Static(doc),
            rows: List::Static(&[]),
            lines: Text::Static(""),
            goes_by_order: false,
            is_opaque: false,
            https: Vec::new(),
            reader: Reader::Static(read),
        }
    }

    /// Reads its words; see [`Self::reader`].
    pub(crate) fn read(&self, cursor: &mut Cursor) -> Parsed<Module> {
        match &self.reader {
            Reader::Static(read) => read(cursor),
            Reader::Shared(read) => read(cursor),
        }
    }

    /// Its subdirectives.
    #[must_use]
    pub(crate) const fn rows(mut self, rows: Rows) -> Self {
        set(&mut self.rows, List::Static(rows));
        self
    }

    /// How the lines of its block begin that no row describes.
    #[must_use]
    pub(crate) const fn lines(mut self, lines: &'static str) -> Self {
        set(&mut self.lines, Text::Static(lines));
        self
    }

    /// What it does depends on the order in which others are listed.
    #[must_use]
    pub(crate) const fn by_order(mut self) -> Self {
        self.goes_by_order = true;
        self
    }

    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        syntax(&self.name, &self.args, &self.lines, self.rows.iter().map(Row::syntax), Holds::Rows)
    }
}

/// The modules that may be named in one place: writers, encoders, policies.
#[derive(Clone, Copy)]
pub struct Namespace {
    /// What Caddy calls it: `caddy.logging.writers`.
    pub id: &'static str,
    /// What one of them is called in a sentence: `log writer`.
    pub what: &'static str,
    /// The key that carries a module's name in JSON: `output`.
    pub(crate) key: &'static str,
    /// Those of the stock build.
    pub all: &'static [&'static ModuleSpec],
}

impl Namespace {
    /// The module of the stock build called `name`.
    pub fn find(&self, name: &str) -> Option<&'static ModuleSpec> {
        self.all.iter().find(|module| module.name == name).copied()
    }

    /// Reads the module that the current word names, with its arguments and its block, and gives its name, which is not among
    /// the fields; `None` if there is no such module.
    pub(crate) fn read_unnamed(&self, cursor: &mut Cursor) -> Option<Parsed<(EcoString, Module)>> {
        let name = cursor.word().text.clone();
        if let Some(known) = cursor.known().filter(|known| known.has_module(self.id, &name)) {
            let fields = known.read_module(self.id, &mut cursor.nested())?;
            return Some(fields.map(|fields| (name, fields)));
        }
        let module = self.find(&name)?;
        let mut words = cursor.nested();
        if let Err(fault) = age::check(&words, self.what, &name, &module.rows) {
            return Some(Err(fault));
        }
        Some(module.read(&mut words).map(|fields| (name, fields)))
    }

    /// Reads the module that the current word names, with its arguments and its block. Its name is among the fields.
    pub(crate) fn read(&self, cursor: &mut Cursor) -> Parsed<Module> {
        let Some(read) = self.read_unnamed(cursor) else { return Err(self.unknown(cursor)) };
        let (name, mut fields) = read?;
        fields.insert(self.key, name);
        Ok(fields)
    }

    /// The module that the current word names, as it is without anything behind its name.
    pub(crate) fn read_word(&self, cursor: &Cursor) -> Parsed<Module> {
        let name = cursor.word().text.clone();
        let known = cursor.known().filter(|known| known.has_module(self.id, &name));
        let mut fields = if let Some(known) = known {
            // Caddy makes it without reading any word; what it writes then is known only of those with a definition.
            let mut alone = cursor.over(vec![cursor.word().clone()]);
            alone.next();
            if known.is_opaque(self.id, &name) {
                known.read_module(self.id, &mut alone).unwrap_or_else(|| Ok(Module::new()))?
            } else {
                Module::new()
            }
        } else {
            let Some(module) = self.find(&name) else { return Err(self.unknown(cursor)) };
            let mut alone = cursor.over(vec![cursor.word().clone()]);
            alone.next();
            age::check(&alone, self.what, &name, &module.rows)?;
            module.read(&mut alone)?
        };
        fields.insert(self.key, name);
        Ok(fields)
    }

    /// Reads the module that the next argument names.
    pub(crate) fn read_arg(&self, cursor: &mut Cursor) -> Parsed<Module> {
        let what = self.what;
        let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let name = cursor.word().clone();
        if !cursor.next_arg() {
            return Err(cursor.missing(&name, &format!("{article} {what}")));
        }
        self.read(cursor)
    }

    /// The fault of a current word that is no module of this namespace.
    pub(crate) fn unknown(&self, cursor: &Cursor) -> Fault {
        let word = cursor.word();
        if let Some(gone) = super::fault::older::gone(word, cursor.version(), self.what) {
            return gone;
        }
        let known = cursor.known();
        let mut names: Vec<&str> = self.all.iter().map(|module| module.name.as_str()).collect();
        names.extend(known.iter().flat_map(|known| known.module_names(self.id)));
        let fault = Fault::new(Code::UNKNOWN_MODULE, word, format!("unknown {} `{}`", self.what, word.text));
        if let Some(plugin) = plugin::find(self.what, &word.text) {
            return fault.plugin(plugin);
        }
        match super::suggest(&word.text, names.iter().copied()) {
            Some(near) => fault.suggest(word, Some(near)),
            None if names.is_empty() => fault.help(format!("Caddy has no {} without a plugin", self.what)),
            None => fault.help(format!("Caddy has {}", super::fault_list(&names))),
        }
    }
}
