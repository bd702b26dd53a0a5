//! Directives as a tree: names, arguments and blocks, as the rules walk them.

use crate::expand::{Block, BlockKind};
use crate::spec::Cursor;
use crate::syntax::Word;

/// A directive or subdirective with its arguments and its block.
#[derive(Clone, Debug)]
pub struct Directive {
    /// Its name.
    pub name: Word,
    /// Its arguments, a matcher among them.
    pub args: Vec<Word>,
    /// The lines of its block.
    pub block: Vec<Directive>,
}

/// A site.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its addresses.
    pub keys: Vec<Word>,
    /// Its directives, matcher definitions among them, in the order of the file.
    pub directives: Vec<Directive>,
}

impl Directive {
    /// The name's text.
    pub fn is(&self, name: &str) -> bool {
        self.name.text == name
    }

    /// The matcher, if the first argument is one: `*`, a path or a named matcher.
    pub fn matcher(&self) -> Option<&Word> {
        self.args.first().filter(|word| word.text == "*" || word.text.starts_with(['/', '@']))
    }

    /// The arguments behind the matcher.
    pub fn values(&self) -> &[Word] {
        let skip = usize::from(self.matcher().is_some());
        &self.args[skip..]
    }

    /// This directive and all below it, outermost first.
    pub fn walk(&self) -> Vec<&Directive> {
        let mut all = vec![self];
        let mut at = 0;
        while let Some(next) = all.get(at).copied() {
            all.extend(&next.block);
            at += 1;
        }
        all
    }

    /// The line `name` of its block.
    pub fn line(&self, name: &str) -> Option<&Directive> {
        self.block.iter().find(|line| line.is(name))
    }
}

impl Site {
    /// All directives of the site, also those inside others.
    pub fn walk(&self) -> Vec<&Directive> {
        self.directives.iter().flat_map(Directive::walk).collect()
    }
}

/// The global options, the sites and the named routes of a file.
pub(super) fn read(blocks: &[Block]) -> (Vec<Directive>, Vec<Site>, Vec<Directive>) {
    let (mut options, mut sites, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for block in blocks {
        let directives = block.segments.iter().filter_map(|segment| {
            let mut cursor = Cursor::new(segment.as_slice());
            cursor.next().then(|| directive(&mut cursor, 0))
        });
        match block.kind {
            BlockKind::NamedRoute => named.extend(directives),
            BlockKind::Site if block.keys.is_empty() => options.extend(directives),
            BlockKind::Site => {
                sites.push(Site { keys: block.keys.clone(), directives: directives.collect() });
            }
        }
    }
    (options, sites, named)
}

/// Blocks deeper than this are not looked into; nobody reads them either.
const DEEPEST: usize = 100;

/// Reads the line of the current word, and its block.
fn directive(cursor: &mut Cursor, depth: usize) -> Directive {
    let name = cursor.word().clone();
    let args = cursor.args();
    let mut block = Vec::new();
    let level = cursor.nesting();
    while cursor.next_block(level) {
        if depth < DEEPEST {
            block.push(directive(cursor, depth + 1));
        }
    }
    Directive { name, args, block }
}
