//! Levels: the directives of one block, which Caddy sorts together.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::answer::Answer;
use super::condition::Condition;
use super::file::File;
use super::tree::{Directive, Site};
use caddyctl_language::Version;
use caddyctl_language::lower::Matcher;
use caddyctl_language::lower::sort::{Direction, SortKey, in_order};
use caddyctl_language::spec::Holds;

/// The definitions of matchers in a block, and those around it.
#[derive(Default)]
struct Definitions<'a> {
    own: FxHashMap<&'a str, &'a Directive<'a>>,
    outer: Option<Arc<Definitions<'a>>>,
}

/// A directive and for which requests it runs.
pub(crate) type Run<'a> = (&'a Directive<'a>, Condition<'a>);

/// The directives of a site, of a `handle`, `route` or `handle_errors`, of a proxy's `handle_response`, or of a named
/// route.
pub(crate) struct Level<'a> {
    /// The directive whose block it is; `None` for a site.
    pub owner: Option<&'a Directive<'a>>,
    /// The level that the owner belongs to: an index into [`Levels::all`].
    pub outer: Option<usize>,
    /// The site; `None` in a named route.
    pub site: Option<&'a Site<'a>>,
    /// The directives in the order of the text, without definitions of matchers.
    pub directives: Vec<&'a Directive<'a>>,
    /// Whether it lies inside `handle_errors`.
    pub handles_errors: bool,
    definitions: Arc<Definitions<'a>>,
    runs: Vec<Run<'a>>,
}

/// All levels of some sites, each after the one that it lies in.
#[derive(Default)]
pub(crate) struct Levels<'a> {
    /// The levels.
    pub all: Vec<Level<'a>>,
}

/// The place of each ordered directive.
pub(super) type Order<'a> = FxHashMap<&'a str, usize>;

impl<'a> Levels<'a> {
    /// The levels of `sites` and `named_routes`. Directives run in `order`.
    pub(super) fn of(sites: &'a [Site<'a>], named_routes: &'a [Directive<'a>], order: &Order) -> Self {
        let mut levels = Self::default();
        for site in sites {
            levels.add(Level::outermost(None, Some(site)), &site.directives, order);
        }
        for route in named_routes {
            levels.add(Level::outermost(Some(route), None), &route.block, order);
        }
        levels
    }

    /// Adds `level`, whose block is `block`, and those inside it.
    fn add(&mut self, mut level: Level<'a>, block: &'a [Directive<'a>], order: &Order) {
        level.fill(block, order);
        let (index, site, handles_errors) = (self.all.len(), level.site, level.handles_errors);
        let definitions = Arc::clone(&level.definitions);
        let inner = |owner: &'a Directive<'a>| Level {
            owner: Some(owner),
            outer: Some(index),
            site,
            directives: Vec::new(),
            handles_errors: handles_errors || owner.is("handle_errors"),
            definitions: Arc::clone(&definitions),
            runs: Vec::new(),
        };
        self.all.push(level);
        for directive in block {
            let Some(declared) = directive.declared else { continue };
            if declared.holds == Holds::Directives {
                self.add(inner(directive), &directive.block, order);
            }
            for row in declared.rows.iter().filter(|row| row.holds == Holds::Directives) {
                for line in directive.block.iter().filter(|line| line.is(&row.name)) {
                    self.add(inner(line), &line.block, order);
                }
            }
        }
    }

    /// The levels around `level`, and it: innermost first.
    pub(crate) fn around(&self, level: &'a Level<'a>) -> impl Iterator<Item = &Level<'a>> {
        std::iter::successors(Some(level), |level| self.all.get(level.outer?))
    }

    /// The conditions of the blocks around `level`, innermost first.
    pub(crate) fn conditions(&self, level: &'a Level<'a>) -> impl Iterator<Item = Condition<'a>> {
        self.around(level).filter_map(|level| {
            let outer = self.all.get(level.outer?)?;
            Some(outer.condition(level.owner?))
        })
    }
}

impl<'a> Level<'a> {
    /// The level of a site, without those inside it.
    pub(crate) fn of_site(site: &'a Site<'a>, file: &File) -> Self {
        let mut level = Self::outermost(None, Some(site));
        level.fill(&site.directives, &file.order);
        level
    }

    /// A level with nothing in it yet.
    fn outermost(owner: Option<&'a Directive<'a>>, site: Option<&'a Site<'a>>) -> Self {
        Self {
            owner,
            outer: None,
            site,
            directives: Vec::new(),
            handles_errors: false,
            definitions: Arc::default(),
            runs: Vec::new(),
        }
    }

    /// Takes up what stands directly in its block.
    fn fill(&mut self, block: &'a [Directive<'a>], order: &Order) {
        let is_definition = |directive: &&Directive| directive.is_definition();
        self.directives = Vec::with_capacity(block.len());
        self.directives.extend(block.iter().filter(|directive| !is_definition(directive)));
        if self.directives.len() < block.len() {
            let own = block.iter().filter(is_definition);
            self.definitions = Arc::new(Definitions {
                own: own.map(|definition| (definition.name.text.as_str(), definition)).collect(),
                outer: Some(std::mem::take(&mut self.definitions)),
            });
        }
        self.runs = self.sorted(order);
    }

    /// Whether its directives run as written, as those of a `route` do.
    pub(crate) fn keeps_order(&self) -> bool {
        self.outer.is_some() && self.owner.is_some_and(|owner| owner.is("route"))
    }

    /// Whether it is the block of a named route.
    pub(crate) fn is_named_route(&self) -> bool {
        self.site.is_none() && self.outer.is_none()
    }

    /// For which requests a directive of this level runs.
    pub(crate) fn condition(&self, directive: &'a Directive<'a>) -> Condition<'a> {
        let Some(matcher) = directive.matcher() else { return Condition::Every };
        if !takes_matcher(directive) {
            return Condition::Every;
        }
        match matcher.text.as_str() {
            "*" => Condition::Every,
            path if path.starts_with('/') => Condition::Path(matcher),
            name => self.definitions.find(name).map_or(Condition::Unknown, Condition::Named),
        }
    }

    /// Its ordered directives as they run, each with its condition.
    pub(crate) fn runs(&self) -> &[Run<'a>] {
        &self.runs
    }

    /// The first of its directives that answers every request, and those that would run after it.
    pub(crate) fn after_last(&self) -> Option<(&'a Directive<'a>, &[Run<'a>])> {
        let is_last =
            |(directive, condition): &Run| directive.answer == Answer::Always && condition.is_every();
        let at = self.runs.iter().position(is_last)?;
        Some((self.runs[at].0, &self.runs[at + 1..]))
    }

    fn sorted(&self, order: &Order) -> Vec<Run<'a>> {
        let ordered = self.directives.iter().filter_map(|directive| {
            let place = order.get(directive.declared?.sorted_by()).copied()?;
            Some((place, (*directive, self.condition(directive))))
        });
        let mut ordered: Vec<_> = ordered.collect();
        ordered.shrink_to_fit();
        if self.keeps_order() || ordered.len() < 2 {
            return ordered.into_iter().map(|(_, run)| run).collect();
        }
        in_order(ordered.into_iter().map(|(place, run)| (sort_key(place, run), run)).collect())
    }
}

impl<'a> Definitions<'a> {
    fn find(&self, name: &str) -> Option<&'a Directive<'a>> {
        std::iter::successors(Some(self), |scope| scope.outer.as_deref())
            .find_map(|scope| scope.own.get(name))
            .copied()
    }
}

fn sort_key(place: usize, (directive, condition): Run) -> SortKey {
    let path = match condition.paths().as_slice() {
        [path] if !path.text.is_empty() => Some(path.text.clone()),
        _ => None,
    };
    let unmatched = matches!(condition, Condition::Every);
    SortKey {
        place,
        direction: Direction::of(
            directive.declared.map_or("", |declared| declared.name.as_str()),
            Version::DEFAULT,
        ),
        is_route: !(directive.is("php_fastcgi") && unmatched),
        path,
        by_name: true,
        by_prefix: true,
        has_matcher: !unmatched || directive.is("try_files"),
    }
}

/// Whether the first argument of this directive is a matcher if it looks like one. Of a directive that nothing is known of it
/// is; an answer is not matched as requests are.
pub(super) fn takes_matcher(directive: &Directive) -> bool {
    match directive.declared.map(|declared| declared.matcher) {
        Some(Matcher::Never) => false,
        Some(Matcher::BeforeValue) => directive.args.len() > 1,
        Some(Matcher::Optional | Matcher::Path) => true,
        None => !directive.is("handle_response") && !directive.is("import"),
    }
}
