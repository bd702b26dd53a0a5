//! Which words may begin a line, as the tables have them.

use caddyctl_language::reference::{self, DIRECTIVE, Entry, MATCHER, OPTION};
use caddyctl_language::spec::{Kind, Namespace, Row, Rows};
use caddyctl_language::syntax::Word;

/// Which words may begin the lines of a block.
#[derive(Clone, Copy)]
pub(super) enum Vocabulary {
    /// Outside every block: addresses, snippets.
    File,
    /// Global options.
    Options,
    /// Directives, and definitions of matchers.
    Directives,
    /// Matchers.
    Matchers,
    /// Subdirectives.
    Rows(Rows),
}

/// A word that the tables know, where it stands.
#[derive(Clone, Copy)]
pub(super) enum Term {
    /// A directive, option, matcher or module.
    Entry(Entry),
    /// A subdirective.
    Row(&'static Row),
}

impl Term {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entry(entry) => entry.name,
            Self::Row(row) => row.name,
        }
    }

    /// How it is written, on one line.
    pub fn syntax(self) -> String {
        match self {
            Self::Entry(entry) => entry.syntax.to_owned(),
            Self::Row(row) => format!("{} {}", row.name, row.args).trim_end().to_owned(),
        }
    }

    /// Its page.
    pub fn page(self) -> String {
        match self {
            Self::Entry(entry) => reference::entry_page(&entry),
            Self::Row(row) => reference::row_page(row),
        }
    }

    /// The modules that its first argument may name.
    pub fn modules(self) -> Option<&'static Namespace> {
        let row = match self {
            // An option that names a module has itself for a row.
            Self::Entry(entry) => entry.rows.iter().find(|row| row.name == entry.name)?,
            Self::Row(row) => row,
        };
        if let Kind::Module(namespace) = row.kind { Some(namespace) } else { None }
    }

    /// What its block may hold; `head` are the words of its line.
    fn inside(self, head: &[Word]) -> Vocabulary {
        let syntax = self.syntax();
        if syntax.contains("<directives...>") {
            return Vocabulary::Directives;
        }
        if syntax.contains("<matchers...>") {
            return Vocabulary::Matchers;
        }
        let module = self.modules().and_then(|namespace| namespace.find(&head.get(1)?.text));
        Vocabulary::Rows(match (module, self) {
            (Some(module), _) => module.rows,
            (None, Self::Entry(entry)) => entry.rows,
            (None, Self::Row(row)) => row.block(),
        })
    }
}

impl Vocabulary {
    /// The words that may begin a line.
    pub fn terms(self) -> Vec<Term> {
        let entries = |what| reference::all().filter(move |entry| entry.what == what).map(Term::Entry);
        match self {
            Self::File => Vec::new(),
            Self::Options => entries(OPTION).collect(),
            Self::Directives => entries(DIRECTIVE).collect(),
            Self::Matchers => entries(MATCHER).collect(),
            Self::Rows(rows) => rows.iter().map(Term::Row).collect(),
        }
    }

    /// The term that `name` is here.
    pub fn find(self, name: &str) -> Option<Term> {
        self.terms().into_iter().find(|term| term.name() == name)
    }

    /// What the block may hold that the line `head` opens.
    pub fn inside(self, head: &[Word]) -> Self {
        let name = head.first().map_or("", |word| word.text.as_str());
        match self {
            Self::File if name.is_empty() => Self::Options,
            Self::File => Self::Directives,
            // What fills a `{block}` may be anything; mostly it is directives.
            _ if name == "import" => Self::Directives,
            Self::Directives if name.starts_with('@') => {
                let rest = head.get(1..).unwrap_or_default();
                if rest.is_empty() { Self::Matchers } else { Self::Matchers.inside(rest) }
            }
            _ => self.find(name).map_or(Self::Rows(&[]), |term| term.inside(head)),
        }
    }
}
