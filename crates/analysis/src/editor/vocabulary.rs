//! Which words may begin a line, as the tables have them.

use caddyctl_language::lower::Registry;
use caddyctl_language::reference::{self, DIRECTIVE, Entry, MATCHER, OPTION};
use caddyctl_language::spec::{Additions, Holds, Kind, Namespace, Row};
use caddyctl_language::syntax::Word;

/// Which words may begin the lines of a block.
#[derive(Clone, Copy)]
pub(super) enum Vocabulary<'a> {
    /// Outside every block: addresses, snippets.
    File,
    /// Global options.
    Options,
    /// Directives, and definitions of matchers.
    Directives,
    /// Matchers.
    Matchers,
    /// Subdirectives.
    Rows(&'a [Row]),
}

/// A word that the tables know, where it stands.
#[derive(Clone, Copy)]
pub(super) enum Term<'a> {
    /// A directive, option, matcher or module.
    Entry(Entry<'a>),
    /// A subdirective.
    Row(&'a Row),
}

impl<'a> Term<'a> {
    /// Its name.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Entry(entry) => entry.name,
            Self::Row(row) => &row.name,
        }
    }

    /// Whether the version of Caddy that counts has it. What older versions have of subdirectives is not asked.
    pub(super) fn is_known(self, directives: &Registry) -> bool {
        match self {
            Self::Entry(entry) => directives.has_word(entry.what, entry.name),
            Self::Row(_) => true,
        }
    }

    /// How it is written, on one line.
    pub(crate) fn syntax(self) -> String {
        match self {
            Self::Entry(entry) => entry.syntax(),
            Self::Row(row) => row.syntax(),
        }
    }

    /// Its page.
    pub(super) fn page(self, directives: &Registry) -> String {
        match self {
            Self::Entry(entry) => reference::entry_page(directives, &entry),
            Self::Row(row) => reference::row_page(directives, row),
        }
    }

    /// The modules that its first argument may name.
    pub(crate) fn modules(self) -> Option<&'static Namespace> {
        let row = match self {
            // An option that names a module has itself for a row.
            Self::Entry(entry) => entry.rows.iter().find(|row| row.name == *entry.name)?,
            Self::Row(row) => row,
        };
        if let Kind::Module(namespace) = row.kind { Some(namespace) } else { None }
    }

    /// What its block may hold; `head` are the words of its line.
    fn inside(self, directives: &'a Registry, head: &[Word]) -> Vocabulary<'a> {
        let holds = match self {
            Self::Entry(entry) => entry.holds,
            Self::Row(row) => row.holds,
        };
        match holds {
            Holds::Directives => return Vocabulary::Directives,
            Holds::Matchers => return Vocabulary::Matchers,
            Holds::Rows | Holds::Words => {}
        }
        let added = directives.additions();
        let module =
            self.modules().and_then(|namespace| Additions::find(added, namespace, &head.get(1)?.text));
        Vocabulary::Rows(match (module, self) {
            (Some(module), _) => &module.rows,
            (None, Self::Entry(entry)) => entry.rows,
            (None, Self::Row(row)) => row.block(),
        })
    }
}

impl<'a> Vocabulary<'a> {
    /// The words that may begin a line.
    pub(super) fn terms(self, directives: &'a Registry) -> Vec<Term<'a>> {
        let entries =
            |what| reference::among(directives).filter(move |entry| entry.what == what).map(Term::Entry);
        match self {
            Self::File => Vec::new(),
            Self::Options => entries(OPTION).collect(),
            Self::Directives => entries(DIRECTIVE).collect(),
            Self::Matchers => entries(MATCHER).collect(),
            Self::Rows(rows) => rows.iter().map(Term::Row).collect(),
        }
    }

    /// The term that `name` is here.
    pub(super) fn find(self, directives: &'a Registry, name: &str) -> Option<Term<'a>> {
        self.terms(directives).into_iter().find(|term| term.name() == name)
    }

    /// What the block may hold that the line `head` opens.
    pub(super) fn inside(self, directives: &'a Registry, head: &[Word]) -> Self {
        let name = head.first().map_or("", |word| word.text.as_str());
        match self {
            Self::File if name.is_empty() => Self::Options,
            Self::File => Self::Directives,
            // What fills a `{block}` may be anything; mostly it is directives.
            _ if name == "import" => Self::Directives,
            Self::Directives if name.starts_with('@') => {
                let rest = head.get(1..).unwrap_or_default();
                if rest.is_empty() { Self::Matchers } else { Self::Matchers.inside(directives, rest) }
            }
            _ => self.find(directives, name).map_or(Self::Rows(&[]), |term| term.inside(directives, head)),
        }
    }
}
