//! Directives as a tree: names, arguments and blocks, as the rules walk them. Words are borrowed, not copied.

use std::slice;

use super::answer::{self, Answer};
use caddyctl_language::compile::Address;
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::lower::{self, Registry};
use caddyctl_language::options;
use caddyctl_language::spec::{Conduct, Cursor, Guard};
use caddyctl_language::syntax::Word;

/// A directive or subdirective with its arguments and its block.
#[derive(Clone, Debug)]
pub(crate) struct Directive<'a> {
    /// Its name.
    pub name: &'a Word,
    /// Its arguments, a matcher among them.
    pub args: &'a [Word],
    /// The lines of its block.
    pub block: Vec<Directive<'a>>,
    /// What it is declared as; `None` for subdirectives and whatever else is no directive.
    pub declared: Option<&'a lower::Directive>,
    /// What becomes of the requests that it runs for.
    pub answer: Answer,
}

/// A site.
#[derive(Clone, Debug)]
pub(crate) struct Site<'a> {
    /// Its addresses.
    pub keys: &'a [Word],
    /// What the addresses say; those that cannot be read are left out.
    pub addresses: Vec<Address>,
    /// Its directives, matcher definitions among them, in the order of the file.
    pub directives: Vec<Directive<'a>>,
}

/// Directives and all below them, each before those of its block.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'t, 'a> {
    here: slice::Iter<'t, Directive<'a>>,
    around: Vec<slice::Iter<'t, Directive<'a>>>,
}

impl<'t, 'a> Walk<'t, 'a> {
    /// Through `directives`.
    pub(crate) fn through(directives: &'t [Directive<'a>]) -> Self {
        Self { here: directives.iter(), around: Vec::new() }
    }
}

impl<'t, 'a> Iterator for Walk<'t, 'a> {
    type Item = &'t Directive<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(directive) = self.here.next() else {
                self.here = self.around.pop()?;
                continue;
            };
            if !directive.block.is_empty() {
                self.around.push(std::mem::replace(&mut self.here, directive.block.iter()));
            }
            return Some(directive);
        }
    }
}

impl<'a> Directive<'a> {
    /// The directives of a block of the file, in its order.
    pub(crate) fn all_of(block: &'a Block, known: &'a Registry) -> impl Iterator<Item = Self> {
        directives(block, known)
    }

    /// The name's text.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.text == name
    }

    /// What it does with requests, as it is declared; nothing if it is no directive.
    pub(crate) fn conduct(&self) -> Conduct {
        self.declared.map_or(Conduct::NONE, |declared| declared.conduct)
    }

    /// Whether its block is a route of its own: a part of the site with directives.
    pub(crate) fn is_route(&self) -> bool {
        self.declared.is_some_and(lower::Directive::is_route)
    }

    /// Whether of several such blocks only the first that matches runs.
    pub(crate) fn is_branch(&self) -> bool {
        self.declared.is_some_and(lower::Directive::is_branch)
    }

    /// Whether it asks clients who they are.
    pub(crate) fn is_guard(&self) -> bool {
        self.conduct().guard != Guard::None
    }

    /// Whether it refuses the requests that it takes: `abort`, and `respond` or `error` with status 401 or 403.
    pub(crate) fn refuses(&self) -> bool {
        let says_so = || self.values().iter().any(|value| matches!(value.text.as_str(), "401" | "403"));
        self.is("abort") || ((self.is("respond") || self.is("error")) && says_so())
    }

    /// Whether it asks clients for a password.
    pub(crate) fn asks_password(&self) -> bool {
        self.conduct().guard == Guard::Password
    }

    /// Whether its block has lines that change header fields on the way to an upstream.
    pub(crate) fn is_proxy(&self) -> bool {
        self.declared.is_some_and(|declared| declared.row("header_up").is_some())
    }

    /// The handler that it makes; empty if it is no directive, or makes several.
    pub(crate) fn handler(&self) -> &'static str {
        self.declared.and_then(|declared| declared.handler).map_or("", |handler| handler.name)
    }

    /// Whether it defines a named matcher.
    pub(crate) fn is_definition(&self) -> bool {
        self.name.text.as_bytes().first() == Some(&b'@')
    }

    /// The matcher, if the first argument is one: `*`, a path or a named matcher.
    pub(crate) fn matcher(&self) -> Option<&'a Word> {
        self.args.first().filter(|word| matches!(word.text.as_bytes(), [b'*'] | [b'/' | b'@', ..]))
    }

    /// The arguments behind the matcher.
    pub(crate) fn values(&self) -> &'a [Word] {
        let skip = usize::from(self.matcher().is_some());
        &self.args[skip..]
    }

    /// This directive and all below it, each before those of its block.
    pub(crate) fn walk(&self) -> Walk<'_, 'a> {
        Walk::through(slice::from_ref(self))
    }

    /// The line `name` of its block.
    pub(crate) fn line(&self, name: &str) -> Option<&Directive<'a>> {
        self.block.iter().find(|line| line.is(name))
    }
}

impl<'a> Site<'a> {
    /// The site that `block` describes.
    pub(crate) fn read(block: &'a Block, known: &'a Registry) -> Self {
        Self { directives: directives(block, known).collect(), ..Self::at(&block.keys) }
    }

    /// A site of which only the addresses are known.
    pub(super) fn at(keys: &'a [Word]) -> Self {
        let addresses = keys.iter().filter_map(|key| Address::parse(key).ok()).collect();
        Self { keys, addresses, directives: Vec::new() }
    }

    /// All directives of the site, also those inside others.
    pub(crate) fn walk(&self) -> Walk<'_, 'a> {
        Walk::through(&self.directives)
    }
}

/// The directives of a block of the file, in its order.
pub(super) fn directives<'a>(block: &'a Block, known: &'a Registry) -> impl Iterator<Item = Directive<'a>> {
    let are_options = block.kind == BlockKind::Site && block.keys.is_empty();
    block.segments.iter().filter_map(move |segment| {
        let mut cursor = Cursor::new(segment.as_slice());
        let name = segment.first()?;
        // What is in the block of a word of which only the name is known, its plugin decides.
        let is_opaque =
            are_options && options::find(known, &name.text).is_some_and(|option| option.is_opaque);
        let within = if is_opaque { Within::Opaque } else { Within::Known(known) };
        cursor.next().then(|| directive(&mut cursor, segment, within, 0))
    })
}

/// Blocks deeper than this are not looked into; nobody reads them either.
const DEEPEST: usize = 100;

/// Where a line is.
#[derive(Clone, Copy)]
enum Within<'a> {
    /// Where its name may be that of a directive.
    Known(&'a Registry),
    /// In a block that nothing here reads.
    Opaque,
}

/// Reads the line of the current word, and its block. The cursor goes through `words`.
fn directive<'a>(cursor: &mut Cursor, words: &'a [Word], within: Within<'a>, depth: usize) -> Directive<'a> {
    let at = cursor.mark();
    while cursor.next_arg() {}
    let (name, args) = (&words[at], &words[at + 1..=cursor.mark()]);
    let mut block = Vec::new();
    let level = cursor.nesting();
    let declared = match within {
        Within::Known(known) => known.find(&name.text),
        Within::Opaque => None,
    };
    let inside = if declared.is_some_and(lower::Directive::is_opaque) { Within::Opaque } else { within };
    while cursor.next_block(level) {
        if depth < DEEPEST {
            block.push(directive(cursor, words, inside, depth + 1));
        }
    }
    block.shrink_to_fit();
    let answer = declared.map_or(Answer::Never, |declared| answer::of(declared, &block));
    Directive { name, args, block, declared, answer }
}
