//! The words of the language, whichever table declares them.

use crate::lower::{Directive, Matcher, Registry};
use crate::spec::{Additions, Holds, Namespace, Row, age, syntax};
use crate::{directives, matchers, modules, options};

/// A directive, global option, matcher or module.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// What it is, in a sentence: `directive`, `load balancing policy`.
    pub what: &'static str,
    /// Its name.
    pub name: &'a str,
    /// Its arguments, without a matcher in front.
    pub args: &'a str,
    /// Whether a matcher may stand before its arguments.
    pub takes_matcher: bool,
    /// What it does, on one line.
    pub doc: &'a str,
    /// Its subdirectives.
    pub rows: &'a [Row],
    /// How the lines of its block begin that no row describes.
    pub lines: &'a str,
    /// What its block may hold.
    pub holds: Holds,
    /// An example, as it would stand where it belongs; modules have none.
    pub example: Option<&'a str>,
}

impl Entry<'_> {
    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        let matcher = if self.takes_matcher { "[<matcher>] " } else { "" };
        syntax(
            self.name,
            format!("{matcher}{}", self.args).trim_end(),
            self.lines,
            self.rows.iter().map(Row::syntax),
            self.holds,
        )
    }
}

/// A row, and the word in whose block it stands.
#[derive(Clone, Copy)]
pub struct Use<'a> {
    /// The directive, option, matcher or module.
    pub entry: Entry<'a>,
    /// The subdirective.
    pub row: &'a Row,
}

/// What a directive is called on its page.
pub const DIRECTIVE: &str = age::DIRECTIVE;
/// What a global option is called on its page.
pub const OPTION: &str = age::OPTION;
/// What a matcher is called on its page.
pub const MATCHER: &str = age::MATCHER;

/// The entry of a directive.
pub(super) fn directive(directive: &Directive) -> Entry<'_> {
    Entry {
        what: DIRECTIVE,
        name: &directive.name,
        args: &directive.args,
        takes_matcher: matches!(directive.matcher, Matcher::Optional | Matcher::BeforeValue),
        doc: &directive.doc,
        rows: &directive.rows,
        lines: &directive.lines,
        holds: directive.holds,
        example: example(&directive.example),
    }
}

/// Everything that the tables of the stock build declare: directives in Caddy's order, then options, matchers and modules.
pub fn all() -> impl Iterator<Item = Entry<'static>> {
    among(directives::stock())
}

/// The same with these directives.
pub fn among<'a>(directives: &'a Registry) -> impl Iterator<Item = Entry<'a>> {
    let options = options::among(directives).map(|option| -> Entry<'a> {
        Entry {
            what: OPTION,
            name: &option.name,
            args: &option.args,
            takes_matcher: false,
            doc: &option.doc,
            rows: &option.rows,
            lines: "",
            holds: option.holds,
            example: example(&option.example),
        }
    });
    let matchers = matchers::among(directives.additions()).map(|matcher| -> Entry<'a> {
        Entry {
            what: MATCHER,
            name: &matcher.name,
            args: &matcher.args,
            takes_matcher: false,
            doc: &matcher.doc,
            rows: &matcher.rows,
            lines: "",
            holds: matcher.holds,
            example: example(&matcher.example),
        }
    });
    let modules = modules::ALL.iter().flat_map(|namespace| named(namespace, directives.additions()));
    directives.iter().map(directive).chain(options).chain(matchers).chain(modules)
}

fn example(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The entries of the modules of a namespace.
fn named<'a>(
    namespace: &'static Namespace,
    added: Option<&'a Additions>,
) -> impl Iterator<Item = Entry<'a>> + use<'a> {
    let what = namespace.what;
    Additions::among(added, namespace).map(move |module| Entry {
        what,
        name: &module.name,
        args: &module.args,
        takes_matcher: false,
        doc: &module.doc,
        rows: &module.rows,
        lines: &module.lines,
        holds: Holds::Rows,
        example: None,
    })
}

/// Everything called `name`; `header` is a directive, a matcher and a load balancing policy.
pub fn find<'a>(directives: &'a Registry, name: &str) -> Vec<Entry<'a>> {
    among(directives).filter(|entry| entry.name == name).collect()
}

/// Where `name` stands as a subdirective.
pub fn uses<'a>(directives: &'a Registry, name: &str) -> Vec<Use<'a>> {
    let mut found = Vec::new();
    for entry in among(directives) {
        search(entry, entry.rows, name, &mut found);
    }
    found
}

fn search<'a>(entry: Entry<'a>, rows: &'a [Row], name: &str, found: &mut Vec<Use<'a>>) {
    for row in rows {
        if row.name == *name {
            found.push(Use { entry, row });
        }
        search(entry, row.block(), name, found);
    }
}
