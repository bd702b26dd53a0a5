//! What stands around a byte of a text.

use super::tree::{Line, Tree};
use super::vocabulary::Vocabulary;
use caddyctl_language::lower::Registry;
use caddyctl_language::syntax::Word;

/// What stands around a byte.
pub(super) struct Place<'t> {
    /// What may stand at the beginning of the line.
    pub vocabulary: Vocabulary<'t>,
    /// The lines whose blocks are around it, the outermost first.
    pub around: Vec<&'t Line>,
    /// The words of its line, up to the one that it stands in.
    pub before: Vec<&'t Word>,
    /// The word that it stands in or at the end of.
    pub word: Option<&'t Word>,
}

impl<'t> Place<'t> {
    /// What stands around byte `offset` of `tree`, where these directives are known.
    pub(super) fn of(directives: &'t Registry, tree: &'t Tree, offset: usize) -> Self {
        let mut place =
            Self { vocabulary: Vocabulary::File, around: Vec::new(), before: Vec::new(), word: None };
        let mut lines = &tree.lines;
        while let Some(opener) = lines.iter().find(|line| line.holds(offset, tree.text())) {
            place.vocabulary = place.vocabulary.inside(directives, &opener.words);
            place.around.push(opener);
            let Some(block) = &opener.block else { break };
            lines = block;
        }
        let touches = |word: &Word| word.span.start as usize <= offset && offset <= word.span.end as usize;
        let begins = |line: &&Line| line.words.first().is_some_and(|word| word.span.start as usize <= offset);
        let Some(line) = lines.iter().rfind(begins) else { return place };
        let last = line.words.last().map_or(0, |word| word.span.end as usize);
        let gap = tree.text().get(last..offset).unwrap_or_default();
        // A line goes on behind its last word, up to the line break.
        if gap.contains('\n') {
            return place;
        }
        place.before = line.words.iter().filter(|word| (word.span.end as usize) < offset).collect();
        place.word = line.words.iter().find(|word| touches(word));
        place
    }

    /// The first word of its line, unless it stands in that one.
    pub(crate) fn head(&self) -> &'t str {
        self.before.first().map_or("", |word| word.text.as_str())
    }
}
