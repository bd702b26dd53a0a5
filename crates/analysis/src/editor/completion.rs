//! What may be written at a place.

use super::place::Place;
use super::tree::Tree;
use super::vocabulary::{Term, Vocabulary};
use caddyctl_language::expand::shorthands;
use caddyctl_language::lower::Registry;
use caddyctl_language::reference::{self, DIRECTIVE};
use caddyctl_language::spec::{Additions, Kind};

/// What kind of word is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A directive, option or subdirective.
    Word,
    /// A kind of matcher, a module.
    Module,
    /// A value from a list.
    Value,
    /// A named matcher, a snippet, a named route.
    Name,
    /// A placeholder.
    Placeholder,
}

/// A word that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The word.
    pub text: String,
    /// What kind it is.
    pub sort: Sort,
    /// How it is written, or what it stands for, on one line.
    pub detail: String,
    /// The bytes that it replaces.
    pub replaces: std::ops::Range<usize>,
}

/// What may be written at byte `offset` of `text`, where these directives are known. `snippets` are the names of snippets that imported files bring.
pub fn complete(directives: &Registry, text: &str, offset: usize, snippets: &[String]) -> Vec<Completion> {
    let tree = Tree::of(text);
    let place = Place::of(directives, &tree, offset);
    let start = place.word.map_or(offset, |word| word.span.start as usize);
    let written = text.get(start..offset).unwrap_or_default();
    if let Some(open) = written.rfind('{').filter(|open| !written[*open..].contains('}')) {
        return placeholders(start + open, offset);
    }
    let replaces = start..place.word.map_or(offset, |word| word.span.end as usize);
    let mut found = Offers { directives, replaces, all: Vec::new() };
    if place.before.is_empty() {
        found.beginnings(&place);
    } else {
        found.arguments(&tree, &place, snippets);
    }
    found.all
}

fn placeholders(from: usize, to: usize) -> Vec<Completion> {
    let offer = |(short, long): (String, String)| Completion {
        text: short.replace('*', ""),
        sort: Sort::Placeholder,
        detail: long,
        replaces: from..to,
    };
    shorthands().map(offer).collect()
}

struct Offers<'a> {
    directives: &'a Registry,
    replaces: std::ops::Range<usize>,
    all: Vec<Completion>,
}

impl Offers<'_> {
    fn term(&mut self, term: Term, sort: Sort) {
        self.all.push(Completion {
            text: term.name().to_owned(),
            sort,
            detail: term.syntax(),
            replaces: self.replaces.clone(),
        });
    }

    fn word(&mut self, text: impl Into<String>, sort: Sort, detail: &str) {
        let text = text.into();
        if self.all.iter().any(|known| known.text == text) {
            return;
        }
        let (detail, replaces) = (detail.to_owned(), self.replaces.clone());
        self.all.push(Completion { text, sort, detail, replaces });
    }

    /// Words that may begin the line.
    fn beginnings(&mut self, place: &Place) {
        for term in place.vocabulary.terms(self.directives) {
            let is_known = term.is_known(self.directives);
            // A row such as `@name` is no word to write.
            if is_known && term.name().starts_with(|c: char| c.is_ascii_alphanumeric()) {
                self.term(term, Sort::Word);
            }
        }
        if !matches!(place.vocabulary, Vocabulary::Options) {
            self.word("import", Sort::Word, "import <snippet or file> [<arguments...>]");
        }
    }

    /// Words that may stand behind the first one.
    fn arguments(&mut self, tree: &Tree, place: &Place, snippets: &[String]) {
        let head = place.head();
        let count = place.before.len();
        match place.vocabulary {
            _ if head == "import" && count == 1 => {
                names(tree, "(", |name| self.word(name, Sort::Name, "snippet"));
                for name in snippets {
                    self.word(name, Sort::Name, "snippet");
                }
            }
            Vocabulary::Directives if head.starts_with('@') => self.matchers(place, 1),
            Vocabulary::Matchers => self.matchers(place, 0),
            Vocabulary::Directives if head == "invoke" => {
                names(tree, "&(", |name| self.word(name, Sort::Name, "named route"));
            }
            Vocabulary::Options if head == "order" && count == 2 => {
                for word in ["first", "last", "before", "after"] {
                    self.word(word, Sort::Value, "");
                }
            }
            Vocabulary::Options if head == "order" => {
                let known = self.directives;
                for name in known.order().iter().filter(|name| known.has_word(DIRECTIVE, name)) {
                    self.word(name.as_str(), Sort::Value, "directive");
                }
            }
            _ => {}
        }
        let Some(term) = place.vocabulary.find(self.directives, head) else { return };
        if count != 1 {
            return;
        }
        let added = self.directives.additions();
        for module in term.modules().into_iter().flat_map(|namespace| Additions::among(added, namespace)) {
            self.word(module.name.as_str(), Sort::Module, &module.syntax());
        }
        match term {
            Term::Row(row) => {
                if let Kind::Word(words) = &row.kind {
                    for word in words.iter() {
                        self.word(word.as_str(), Sort::Value, "");
                    }
                }
            }
            Term::Entry(entry) if entry.takes_matcher => {
                self.word("*", Sort::Name, "every request");
                tree.walk(&mut |_, line| {
                    if line.name().starts_with('@') {
                        let rest: Vec<&str> =
                            line.words.iter().skip(1).map(|word| word.text.as_str()).collect();
                        self.word(line.name(), Sort::Name, &rest.join(" "));
                    }
                });
            }
            Term::Entry(_) => {}
        }
    }

    /// Kinds of matchers; `names` words before them are the name of the definition. `not` may be followed by another.
    fn matchers(&mut self, place: &Place, names: usize) {
        if place.before.iter().skip(names).all(|word| word.text == "not") {
            Vocabulary::Matchers
                .terms(self.directives)
                .into_iter()
                .for_each(|term| self.term(term, Sort::Module));
        }
    }
}

/// The names of definitions at the top of the file that begin with `sign`: `(` for snippets, `&(` for named routes.
fn names(tree: &Tree, sign: &str, mut visit: impl FnMut(&str)) {
    for line in &tree.lines {
        if let Some(name) = line.name().strip_prefix(sign).and_then(|name| name.strip_suffix(')')) {
            visit(name);
        }
    }
}

/// The page of a completion; `None` where there is none.
pub fn page_of(directives: &Registry, text: &str, detail: &str) -> Option<String> {
    let entry = reference::find(directives, text).into_iter().find(|entry| entry.syntax() == detail);
    entry.map(|entry| reference::entry_page(directives, &entry)).or_else(|| {
        let uses = reference::uses(directives, text);
        let found = uses.iter().find(|found| Term::Row(found.row).syntax() == detail)?;
        Some(reference::row_page(directives, found.row))
    })
}
