//! What a file holds.

use super::tree::{Line, Tree};
use super::vocabulary::Vocabulary;
use caddyctl_language::directives;

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The global options.
    Options,
    /// A site.
    Site,
    /// A snippet.
    Snippet,
    /// A named route.
    NamedRoute,
    /// A named matcher.
    Matcher,
    /// A directive.
    Directive,
}

/// A part of a file that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// What it is called: the addresses of a site, the line of a directive.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its bytes, with its block.
    pub whole: std::ops::Range<usize>,
    /// The bytes of its first line, without the brace.
    pub line: std::ops::Range<usize>,
    /// What stands in its block.
    pub inside: Vec<Symbol>,
}

/// The sites, snippets and named routes of `text`, with the directives in them.
pub fn outline(text: &str) -> Vec<Symbol> {
    let tree = Tree::of(text);
    tree.lines.iter().map(|line| symbol(line, Vocabulary::File)).collect()
}

fn symbol(line: &Line, vocabulary: Vocabulary) -> Symbol {
    let first = line.name();
    let kind = match vocabulary {
        Vocabulary::File if first.is_empty() => Kind::Options,
        Vocabulary::File if first.starts_with("&(") => Kind::NamedRoute,
        Vocabulary::File if first.starts_with('(') => Kind::Snippet,
        Vocabulary::File if line.block.is_some() => Kind::Site,
        _ if first.starts_with('@') => Kind::Matcher,
        _ => Kind::Directive,
    };
    let within = vocabulary.inside(directives::stock(), &line.words);
    // What stands inside a directive that is no container of directives is of no interest from afar.
    let block = line.block.iter().flatten().filter(|_| matches!(within, Vocabulary::Directives));
    let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    let whole = line.span.range();
    let end = line.words.last().map_or(whole.start + 1, |word| word.span.end as usize);
    Symbol {
        name: if kind == Kind::Options { "global options".to_owned() } else { words.join(" ") },
        kind,
        line: whole.start..end.min(whole.end),
        whole,
        inside: block.map(|line| symbol(line, within)).collect(),
    }
}
