//! Directives as data, and the list of them as a value: what everything else is read from.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::FxHashMap;

use super::option::GlobalOption;
use super::order::{DirectiveOrder, Exclusive};
use super::{Lowered, Scope};
use crate::config::{Handler, MatcherSet};
use crate::diagnostics::opaque::Owner;
use crate::source::Env;
use crate::spec::{
    Additions, Answer, Conduct, Cursor, Fault, HandlerModule, Holds, List, MatcherModule, ModuleSpec, Opened,
    Parsed, Row, Rows, Sign, Text, set, syntax,
};
use crate::syntax::Word;
use crate::version::{Version, history};

/// A directive of a site block.
pub struct Directive {
    /// Its name.
    pub name: Text,
    /// Its arguments behind a matcher, as help prints them.
    pub args: Text,
    /// One line of help.
    pub doc: Text,
    /// Its subdirectives.
    pub rows: List<Row>,
    /// How the lines of its block begin that no row describes.
    pub lines: Text,
    /// What its block may hold.
    pub holds: Holds,
    /// An example that compiles, as it would stand in a site block; with a named route (`&(`) it is a whole file.
    pub example: Text,
    /// Whether its first argument is a matcher if it looks like one.
    pub matcher: Matcher,
    /// Its place among the others.
    pub order: Order,
    /// Whether of several in one block only the first that matches runs.
    pub exclusive: Exclusive,
    /// Whether the handlers of neighbours never join its own in one route.
    pub is_apart: bool,
    /// The name that it has now, if this is an old one.
    pub renamed: Option<&'static str>,
    /// What it does with requests.
    pub conduct: Conduct,
    /// The handler that it makes; `None` if it makes none, or several.
    pub handler: Option<&'static HandlerModule>,
    /// What distinguishes its handler from those of other directives; `None` if nothing does.
    pub signs: Option<&'static [Sign]>,
    /// How its words become configuration.
    pub(crate) shape: Shape,
}

impl fmt::Debug for Directive {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

/// Whether the first argument of a directive is a matcher if it looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// It is.
    Optional,
    /// It is, if another argument follows: a lone one is the value.
    BeforeValue,
    /// It is, and must be a path.
    Path,
    /// It is not.
    Never,
}

/// The place of a directive among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Its own, where the list of directives has it.
    Own,
    /// That of another directive.
    Of(&'static str),
    /// None: it belongs to the site itself.
    Site,
}

/// What reads a directive that was declared while the program ran, from its name on; the matcher in front of its arguments has
/// been taken out.
pub(crate) type Lower =
    dyn Fn(&mut Cursor, Option<MatcherSet>, &mut Scope) -> Parsed<Vec<Lowered>> + Send + Sync;

/// How a directive's words become configuration.
#[derive(Clone)]
pub(crate) enum Shape {
    /// A handler, with an optional matcher as its first argument. The function reads from the name on and gives the
    /// handler's fields; the matcher has been taken out already.
    Handler(fn(&mut Cursor, &mut Scope) -> Parsed<Handler>),
    /// Anything else. The function is at the directive's name, with all its arguments.
    Config(fn(&mut Cursor, &mut Scope) -> Parsed<Vec<Lowered>>),
    /// A handler, whose block is read by the rows of the directive.
    Table,
    /// What was declared while the program ran.
    Declared(Arc<Lower>),
    /// A handler of this name, of which only the name is known.
    Opaque(EcoString, Owner),
}

impl Directive {
    const fn new(name: &'static str, args: &'static str, doc: &'static str, shape: Shape) -> Self {
        Self {
            name: Text::Static(name),
            args: Text::Static(args),
            doc: Text::Static(doc),
            rows: List::Static(&[]),
            lines: Text::Static(""),
            holds: Holds::Rows,
            example: Text::Static(""),
            matcher: Matcher::Optional,
            order: Order::Own,
            exclusive: Exclusive::No,
            is_apart: false,
            renamed: None,
            conduct: Conduct::NONE,
            handler: None,
            signs: None,
            shape,
        }
    }

    /// A directive that is a handler, which `lower` reads from the name on; a matcher in front is taken out before.
    pub(crate) const fn handler(
        name: &'static str,
        args: &'static str,
        doc: &'static str,
        lower: fn(&mut Cursor, &mut Scope) -> Parsed<Handler>,
    ) -> Self {
        Self::new(name, args, doc, Shape::Handler(lower))
    }

    /// Any other directive, which `lower` reads from the name on.
    pub(crate) const fn config(
        name: &'static str,
        args: &'static str,
        doc: &'static str,
        lower: fn(&mut Cursor, &mut Scope) -> Parsed<Vec<Lowered>>,
    ) -> Self {
        Self::new(name, args, doc, Shape::Config(lower))
    }

    /// A handler of this name whose block is read by its rows, of texts that were read from somewhere else. Until more is
    /// [known](Conduct), it may answer.
    pub fn table(name: Text, args: Text, doc: Text) -> Self {
        let conduct = Conduct { answers: Answer::Sometimes, ..Conduct::NONE };
        Self { name, args, doc, conduct, ..Self::new("", "", "", Shape::Table) }
    }

    /// The same, which `lower` reads.
    pub(crate) fn declared(name: Text, args: Text, doc: Text, lower: Arc<Lower>) -> Self {
        Self { shape: Shape::Declared(lower), ..Self::table(name, args, doc) }
    }

    /// A directive of which only the name is known, and the handler that it makes: it may answer, and change anything.
    pub(crate) fn opaque(name: Text, doc: Text, handler: EcoString, owner: Owner) -> Self {
        Self { shape: Shape::Opaque(handler, owner), ..Self::table(name, Text::Static("..."), doc) }
    }

    /// Whether only its name is known.
    pub fn is_opaque(&self) -> bool {
        matches!(self.shape, Shape::Opaque(..))
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

    /// What its block may hold, if that is more than its rows.
    #[must_use]
    pub(crate) const fn holds(mut self, holds: Holds) -> Self {
        self.holds = holds;
        self
    }

    /// An example.
    #[must_use]
    pub(crate) const fn example(mut self, example: &'static str) -> Self {
        set(&mut self.example, Text::Static(example));
        self
    }

    /// Whether its first argument is a matcher, if that is not [`Matcher::Optional`].
    #[must_use]
    pub(crate) const fn matcher(mut self, matcher: Matcher) -> Self {
        self.matcher = matcher;
        self
    }

    /// It has the place of another directive.
    #[must_use]
    pub(crate) const fn sorted_as(mut self, name: &'static str) -> Self {
        self.order = Order::Of(name);
        self
    }

    /// It can only stand in a site block itself.
    #[must_use]
    pub(crate) const fn of_sites(mut self) -> Self {
        self.order = Order::Site;
        self
    }

    /// Of several in one block only the first that matches runs.
    #[must_use]
    pub(crate) const fn exclusive(mut self, exclusive: Exclusive) -> Self {
        self.exclusive = exclusive;
        self
    }

    /// The handlers of neighbours never join its own in one route.
    #[must_use]
    pub(crate) const fn apart(mut self) -> Self {
        self.is_apart = true;
        self
    }

    /// This is an old name.
    #[must_use]
    pub(crate) const fn renamed(mut self, name: &'static str) -> Self {
        self.renamed = Some(name);
        self
    }

    /// What it does with requests.
    #[must_use]
    pub(crate) const fn conduct(mut self, conduct: Conduct) -> Self {
        self.conduct = conduct;
        self
    }

    /// The handler that it makes, which nothing distinguishes from that of other directives.
    #[must_use]
    pub(crate) const fn makes(mut self, handler: &'static HandlerModule) -> Self {
        self.handler = Some(handler);
        self
    }

    /// What distinguishes its handler from those of other directives, if there are several: a report then has its name. Those with
    /// signs are asked before those without.
    #[must_use]
    pub(crate) const fn known_by(mut self, signs: &'static [Sign]) -> Self {
        self.signs = Some(signs);
        self
    }

    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        let matcher = matches!(self.matcher, Matcher::Optional | Matcher::BeforeValue);
        let args = if matcher { format!("[<matcher>] {}", self.args) } else { self.args.to_string() };
        syntax(&self.name, args.trim_end(), &self.lines, self.rows.iter().map(Row::syntax), self.holds)
    }

    /// Whether its block is a route of its own: a part of the site with directives.
    pub fn is_route(&self) -> bool {
        self.holds == Holds::Directives && self.order != Order::Site
    }

    /// Whether of several such blocks only the first that matches runs.
    pub fn is_branch(&self) -> bool {
        self.is_route() && self.exclusive != Exclusive::No
    }

    /// The row `name`.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == *name)
    }

    /// The name that it is sorted by.
    pub fn sorted_by(&self) -> &str {
        match self.order {
            Order::Of(name) => name,
            Order::Own | Order::Site => &self.name,
        }
    }

    /// The same, to be kept.
    pub(super) fn place(&self) -> Text {
        match self.order {
            Order::Of(name) => Text::Static(name),
            Order::Own | Order::Site => self.name.clone(),
        }
    }
}

/// The fault of a line, and its block, whose name is no directive; it may stand in the block of another directive, or in a
/// site without braces.
pub(crate) type Unknown = fn(&Registry, segment: &[Word], place: Place, has_braces: bool) -> Fault;

/// Where directives stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a site block.
    Site,
    /// In the block of another directive.
    Nested,
}

/// A directive of a [`Registry`].
#[derive(Clone)]
pub(super) enum Declared {
    /// It is part of the program.
    Static(&'static Directive),
    /// It was declared while the program ran.
    Shared(Arc<Directive>),
}

impl Deref for Declared {
    type Target = Directive;

    fn deref(&self) -> &Directive {
        match self {
            Self::Static(directive) => directive,
            Self::Shared(directive) => directive,
        }
    }
}

/// Where a directive goes in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At<'a> {
    /// Just before this one.
    Before(&'a str),
    /// Just after this one.
    After(&'a str),
    /// Before all others.
    First,
    /// Nowhere: it stands in a `route`, or where the option `order` puts it.
    Nowhere,
}

/// The words there are: the directives, in their order, and the options, matchers and modules that the stock build does not
/// have. It is handed in with the `Scope`, since the list of those of the stock build is above what lowers them.
#[derive(Clone, Default)]
pub struct Registry {
    all: Vec<Declared>,
    by_name: FxHashMap<Box<str>, usize>,
    order: Vec<Text>,
    options: Vec<Arc<GlobalOption>>,
    additions: Additions,
    /// What Caddy calls the modules that words make which the stock build does not have.
    modules: BTreeSet<EcoString>,
    /// The Caddy that reads the words.
    version: Version,
}

impl Registry {
    /// These directives, in Caddy's order.
    pub fn new(all: &'static [&'static Directive]) -> Self {
        let by_name =
            all.iter().enumerate().map(|(at, directive)| (Box::from(&*directive.name), at)).collect();
        let ordered = all.iter().filter(|directive| directive.order != Order::Site);
        Self {
            all: all.iter().copied().map(Declared::Static).collect(),
            by_name,
            order: ordered.map(|directive| directive.name.clone()).collect(),
            options: Vec::new(),
            additions: Additions::default(),
            modules: BTreeSet::new(),
            version: Version::DEFAULT,
        }
    }

    /// The same words, as this version of Caddy reads them.
    #[must_use]
    pub fn for_version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// The version of Caddy whose reading counts.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The same, where words make the module that Caddy calls `id`.
    #[must_use]
    pub fn making(mut self, id: impl Into<EcoString>) -> Self {
        self.modules.insert(id.into());
        self
    }

    /// Whether words that the stock build does not have make the module that Caddy calls `id`.
    pub fn has_module(&self, id: &str) -> bool {
        self.modules.contains(id)
    }

    /// The same with another global option, which takes the place of one of its name.
    #[must_use]
    pub fn with_option(mut self, option: Arc<GlobalOption>) -> Self {
        self.options.retain(|known| known.name != option.name);
        self.options.push(option);
        self
    }

    /// The same with another matcher, which takes the place of one of its name.
    #[must_use]
    pub fn with_matcher(mut self, matcher: Arc<MatcherModule>) -> Self {
        self.additions.add_matcher(matcher);
        self
    }

    /// The same with another module in the namespace that Caddy calls `id`; it takes the place of one of its name there.
    #[must_use]
    pub fn with_module(mut self, id: Text, module: Arc<ModuleSpec>) -> Self {
        self.additions.add_module(id, module);
        self
    }

    /// The same with another namespace of modules.
    #[must_use]
    pub fn with_slot(mut self, slot: Opened) -> Self {
        self.additions.add_slot(slot);
        self
    }

    /// The global options that the stock build does not have.
    pub fn options(&self) -> impl Iterator<Item = &GlobalOption> {
        self.options.iter().map(|option| &**option)
    }

    /// The matchers and modules that the stock build does not have; `None` if there are none.
    pub fn additions(&self) -> Option<&Additions> {
        (!self.additions.is_empty()).then_some(&self.additions)
    }

    /// The same, for cursors over a file that is compiled in this environment.
    pub(crate) fn additions_in(&self, env: &Env) -> Option<Arc<Additions>> {
        self.additions().map(|additions| additions.in_environment(env))
    }

    /// The same with another directive, which takes the place of one of its name.
    #[must_use]
    pub fn with(mut self, directive: Arc<Directive>, at: At) -> Self {
        let name = directive.name.clone();
        self.order.retain(|known| *known != name);
        let place = |other: &str| self.order.iter().position(|known| *known == *other);
        let index = match at {
            At::Before(other) => place(other),
            At::After(other) => place(other).map(|at| at + 1),
            At::First => Some(0),
            At::Nowhere => None,
        };
        if let Some(index) = index {
            self.order.insert(index, name);
        }
        if let Some(at) = self.by_name.get(&*directive.name) {
            self.all[*at] = Declared::Shared(directive);
        } else {
            self.by_name.insert(Box::from(&*directive.name), self.all.len());
            self.all.push(Declared::Shared(directive));
        }
        self
    }

    /// All of them, in Caddy's order; those that were declared later follow.
    pub fn iter(&self) -> impl Iterator<Item = &Directive> {
        self.all.iter().map(Deref::deref)
    }

    /// The directive called `name`.
    pub fn find(&self, name: &str) -> Option<&Directive> {
        self.by_name.get(name).map(|at| &*self.all[*at])
    }

    /// Whether the version of Caddy that counts has the word: of which kind it is, as `reference` calls it, and its name. True
    /// for words of plugins.
    pub fn has_word(&self, what: &str, name: &str) -> bool {
        !history::refused(self.version, what, name).any(|(way, _)| way.is_empty())
    }

    /// The names of the ordered directives, in their default order, those of newer versions among them.
    pub fn order(&self) -> &[Text] {
        &self.order
    }

    /// The order of these, before any option has changed it.
    pub fn default_order(&self) -> DirectiveOrder {
        let of_its_own = |directive: &&Directive| directive.order == Order::Own;
        let exclusive =
            self.iter().filter(of_its_own).filter(|directive| directive.exclusive != Exclusive::No);
        let mut exclusive: Vec<_> =
            exclusive.map(|directive| (directive.name.clone(), directive.exclusive)).collect();
        exclusive.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
        let exists = |name: &Text| self.has_word("directive", name);
        DirectiveOrder {
            names: self.order.iter().filter(|name| exists(name)).cloned().collect(),
            known: self
                .iter()
                .map(|directive| &directive.name)
                .filter(|name| exists(name))
                .cloned()
                .collect(),
            exclusive: exclusive.into(),
        }
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|directive| &directive.name)).finish()
    }
}
