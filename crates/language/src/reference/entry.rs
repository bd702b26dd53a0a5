//! The words of the language, whichever table declares them.

use crate::spec::{Kind, Row, Rows};
use crate::{directives, matchers, modules, options};

/// A directive, global option, matcher or module.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What it is, in a sentence: `directive`, `load balancing policy`.
    pub what: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line.
    pub syntax: &'static str,
    /// What it does, on one line.
    pub doc: &'static str,
    /// Its subdirectives.
    pub rows: Rows,
    /// An example, as it would stand where it belongs; modules have none.
    pub(crate) example: Option<&'static str>,
}

/// A row, and the word in whose block it stands.
#[derive(Clone, Copy)]
pub struct Use {
    /// The directive, option, matcher or module.
    pub(crate) entry: Entry,
    /// The subdirective.
    pub row: &'static Row,
}

/// What a directive is called on its page.
pub const DIRECTIVE: &str = "directive";
/// What a global option is called on its page.
pub const OPTION: &str = "global option";
/// What a matcher is called on its page.
pub const MATCHER: &str = "matcher";

/// Everything that the tables declare: directives in Caddy's order, then options, matchers and modules.
pub fn all() -> impl Iterator<Item = Entry> {
    let directives = directives::ALL.iter().map(|directive| Entry {
        what: DIRECTIVE,
        name: directive.name,
        syntax: directive.syntax,
        doc: directive.doc,
        rows: directive.rows,
        example: Some(directive.example),
    });
    let options = options::ALL.iter().map(|option| Entry {
        what: OPTION,
        name: option.name,
        syntax: option.syntax,
        doc: option.doc,
        rows: option.rows,
        example: Some(option.example),
    });
    let matchers = matchers::ALL.iter().map(|matcher| Entry {
        what: MATCHER,
        name: matcher.name,
        syntax: matcher.syntax,
        doc: matcher.doc,
        rows: matcher.rows,
        example: Some(matcher.example),
    });
    let modules = modules::ALL.iter().flat_map(|namespace| {
        namespace.all.iter().map(|module| Entry {
            what: namespace.what,
            name: module.name,
            syntax: module.syntax,
            doc: module.doc,
            rows: module.rows,
            example: None,
        })
    });
    directives.chain(options).chain(matchers).chain(modules)
}

/// Everything called `name`; `header` is a directive, a matcher and a load balancing policy.
pub fn find(name: &str) -> Vec<Entry> {
    all().filter(|entry| entry.name == name).collect()
}

/// Where `name` stands as a subdirective.
pub fn uses(name: &str) -> Vec<Use> {
    let mut found = Vec::new();
    for entry in all() {
        search(entry, entry.rows, name, &mut found);
    }
    found
}

fn search(entry: Entry, rows: Rows, name: &str, found: &mut Vec<Use>) {
    for row in rows {
        if row.name == name {
            found.push(Use { entry, row });
        }
        search(entry, row.block(), name, found);
    }
}

impl Row {
    /// The rows of its own block.
    pub fn block(&self) -> Rows {
        match self.kind {
            Kind::Block(rows) | Kind::CustomBlock(_, rows) => rows,
            _ => &[],
        }
    }
}
