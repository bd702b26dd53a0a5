//! Levels: the directives of one block, which Caddy sorts together.

use std::collections::HashMap;
use std::rc::Rc;

use super::Lint;
use super::condition::Condition;
use super::tree::{Directive, Site};
use crate::lower::sort::{SortKey, in_order};

type Definitions<'a> = HashMap<&'a str, &'a Directive>;

/// The directives of a site, of a `handle`, `route` or `handle_errors`, of a proxy's `handle_response`, or of a named
/// route.
pub struct Level<'a> {
    /// The directive whose block it is; `None` for a site.
    pub owner: Option<&'a Directive>,
    /// The level that the owner belongs to: an index into [`Levels::all`].
    pub outer: Option<usize>,
    /// The site; `None` in a named route.
    pub site: Option<&'a Site>,
    /// The directives in the order of the text, without definitions of matchers.
    pub directives: Vec<&'a Directive>,
    /// Whether it lies inside `handle_errors`.
    pub handles_errors: bool,
    definitions: Rc<Definitions<'a>>,
    order: Rc<HashMap<&'static str, usize>>,
}

/// All levels of a file, each after the one that it lies in.
pub struct Levels<'a> {
    /// The levels.
    pub all: Vec<Level<'a>>,
}

impl<'a> Levels<'a> {
    /// The levels of `lint`'s sites and named routes.
    pub fn of(lint: &'a Lint) -> Self {
        let order = lint.directive_order.iter().enumerate().map(|(place, name)| (*name, place));
        let order = Rc::new(order.collect());
        let mut levels = Self { all: Vec::new() };
        let root = |owner, site| Level {
            owner,
            outer: None,
            site,
            directives: Vec::new(),
            handles_errors: false,
            definitions: Rc::default(),
            order: Rc::clone(&order),
        };
        for site in &lint.sites {
            levels.add(root(None, Some(site)), &site.directives);
        }
        for route in &lint.named_routes {
            levels.add(root(Some(route), None), &route.block);
        }
        levels
    }

    /// Adds `level`, whose block is `block`, and those inside it.
    fn add(&mut self, mut level: Level<'a>, block: &'a [Directive]) {
        let (definitions, directives): (Vec<_>, Vec<_>) =
            block.iter().partition(|directive| directive.name.text.starts_with('@'));
        level.directives = directives;
        if !definitions.is_empty() {
            let all = Rc::make_mut(&mut level.definitions);
            all.extend(definitions.iter().map(|definition| (definition.name.text.as_str(), *definition)));
        }
        let index = self.all.len();
        let inner = |owner: &'a Directive, level: &Level<'a>| Level {
            owner: Some(owner),
            outer: Some(index),
            site: level.site,
            directives: Vec::new(),
            handles_errors: level.handles_errors || owner.is("handle_errors"),
            definitions: Rc::clone(&level.definitions),
            order: Rc::clone(&level.order),
        };
        let mut blocks = Vec::new();
        for directive in &level.directives {
            match directive.name.text.as_str() {
                "handle" | "handle_path" | "route" | "handle_errors" => blocks.push(*directive),
                "reverse_proxy" | "forward_auth" | "php_fastcgi" | "intercept" => {
                    blocks.extend(directive.block.iter().filter(|line| line.is("handle_response")));
                }
                _ => {}
            }
        }
        let inside: Vec<_> = blocks.into_iter().map(|owner| (inner(owner, &level), owner)).collect();
        self.all.push(level);
        for (level, owner) in inside {
            self.add(level, &owner.block);
        }
    }

    /// The levels around `level`, and it: innermost first.
    pub fn around(&self, level: &'a Level<'a>) -> impl Iterator<Item = &Level<'a>> {
        std::iter::successors(Some(level), |level| self.all.get(level.outer?))
    }

    /// The conditions of the blocks around `level`, innermost first.
    pub fn conditions(&self, level: &'a Level<'a>) -> impl Iterator<Item = Condition<'a>> {
        self.around(level).filter_map(|level| {
            let outer = self.all.get(level.outer?)?;
            Some(outer.condition(level.owner?))
        })
    }
}

impl<'a> Level<'a> {
    /// Whether its directives run as written, as those of a `route` do.
    pub fn keeps_order(&self) -> bool {
        self.outer.is_some() && self.owner.is_some_and(|owner| owner.is("route"))
    }

    /// Whether it is the block of a named route.
    pub fn is_named_route(&self) -> bool {
        self.site.is_none() && self.outer.is_none()
    }

    /// For which requests a directive of this level runs.
    pub fn condition(&self, directive: &'a Directive) -> Condition<'a> {
        let lone_value =
            matches!(directive.name.text.as_str(), "root" | "rewrite") && directive.args.len() == 1;
        let Some(matcher) = directive.matcher().filter(|_| !lone_value && takes_matcher(directive)) else {
            return Condition::Every;
        };
        match matcher.text.as_str() {
            "*" => Condition::Every,
            path if path.starts_with('/') => Condition::Path(matcher),
            name => self
                .definitions
                .get(name)
                .map_or(Condition::Unknown(matcher), |found| Condition::Named(found)),
        }
    }

    /// Its ordered directives as they run.
    pub fn runs(&self) -> Vec<&'a Directive> {
        let ordered = self.directives.iter().filter_map(|directive| {
            let name = directive.name.text.as_str();
            let place = self.order.get(if name == "handle_path" { "handle" } else { name })?;
            Some((*place, *directive))
        });
        if self.keeps_order() {
            return ordered.map(|(_, directive)| directive).collect();
        }
        in_order(ordered.map(|(place, directive)| (self.sort_key(place, directive), directive)).collect())
    }

    fn sort_key(&self, place: usize, directive: &'a Directive) -> SortKey {
        let condition = self.condition(directive);
        let path = match condition.paths().as_slice() {
            [path] if !path.text.is_empty() => Some(path.text.to_string()),
            _ => None,
        };
        let unmatched = matches!(condition, Condition::Every);
        SortKey {
            place,
            is_vars: directive.is("vars"),
            is_route: !(directive.is("php_fastcgi") && unmatched),
            path,
            has_matcher: !unmatched || directive.is("try_files"),
        }
    }
}

/// Whether the first argument of this directive is a matcher if it looks like one.
fn takes_matcher(directive: &Directive) -> bool {
    !matches!(
        directive.name.text.as_str(),
        "try_files" | "tls" | "bind" | "log" | "handle_errors" | "handle_response" | "import"
    )
}
