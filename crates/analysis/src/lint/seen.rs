//! What a rule sees of a file.

use std::ops::Deref;

use rustc_hash::{FxHashMap, FxHashSet};

use super::field::Field;
use super::file::File;
use super::level::Levels;
use super::tree::{Directive, Site, Walk};

/// The sites of a file with what lies below their directives, for rules that look at each by itself.
pub(crate) struct Lint<'a> {
    /// The sites, in the order of the file, with imports carried out.
    pub sites: &'a [Site<'a>],
    /// The named routes, each as a directive of its name.
    pub named_routes: &'a [Directive<'a>],
    /// The global options, to look for faults in them. What they say, ask [`File`].
    pub options: &'a [Directive<'a>],
    /// The levels of these sites and named routes.
    pub levels: Levels<'a>,
    /// Their lines that set, add or take away header fields.
    pub fields: Vec<Field<'a>>,
    file: &'a File<'a>,
    by_name: FxHashMap<&'a str, Vec<&'a Directive<'a>>>,
}

/// All sites of a file.
#[derive(Clone, Copy)]
pub(crate) struct Whole<'a> {
    /// The sites, in the order of the file, with imports carried out.
    pub sites: &'a [Site<'a>],
    /// The named routes, each as a directive of its name.
    pub named_routes: &'a [Directive<'a>],
    /// The global options.
    pub options: &'a [Directive<'a>],
    /// The file.
    pub file: &'a File<'a>,
}

impl<'a> Lint<'a> {
    /// `whole`, with what lies below its directives.
    pub(super) fn new(whole: Whole<'a>) -> Self {
        let Whole { sites, named_routes, options, file } = whole;
        let mut lint = Self {
            sites,
            named_routes,
            options,
            levels: Levels::of(sites, named_routes, &file.order),
            fields: Vec::new(),
            file,
            by_name: FxHashMap::default(),
        };
        // In a matcher `header` is a test, and changes nothing.
        let mut tests: FxHashSet<*const Directive> = FxHashSet::default();
        for directive in lint.walk() {
            if directive.is_definition() || directive.is("match") || directive.is("not") {
                tests.extend(Walk::through(&directive.block).map(std::ptr::from_ref));
            }
            if !tests.contains(&std::ptr::from_ref(directive)) {
                lint.fields.extend(Field::all(directive));
            }
            if !directive.is_definition() {
                lint.by_name.entry(&directive.name.text).or_default().push(directive);
            }
        }
        lint
    }

    /// All directives of the sites and named routes, also those inside others and the definitions of matchers, each
    /// before those of its block.
    pub(crate) fn walk(&self) -> impl Iterator<Item = &'a Directive<'a>> + use<'a> {
        walk(self.sites, self.named_routes)
    }

    /// Those of [`Self::walk`] with this name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &'a Directive<'a>> {
        self.by_name.get(name).into_iter().flatten().copied()
    }
}

impl<'a> Whole<'a> {
    /// All directives of the sites and named routes, as [`Lint::walk`] has them.
    pub(crate) fn walk(&self) -> impl Iterator<Item = &'a Directive<'a>> + use<'a> {
        walk(self.sites, self.named_routes)
    }
}

fn walk<'a>(
    sites: &'a [Site<'a>],
    named_routes: &'a [Directive<'a>],
) -> impl Iterator<Item = &'a Directive<'a>> + use<'a> {
    let routes = named_routes.iter().flat_map(|route| Walk::through(&route.block));
    sites.iter().flat_map(Site::walk).chain(routes)
}

impl<'a> Deref for Lint<'a> {
    type Target = File<'a>;

    fn deref(&self) -> &File<'a> {
        self.file
    }
}

impl<'a> Deref for Whole<'a> {
    type Target = File<'a>;

    fn deref(&self) -> &File<'a> {
        self.file
    }
}
