//! What imports may bring, so that a short text does not become gigabytes of words.

use crate::source::Limits;
use crate::source::limits::grouped;
use crate::syntax::Word;

/// What an import costs in addition to its words, so that imports of nothing come to an end too.
const IMPORT: usize = 2;

/// What the imports of one Caddyfile have brought so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    limits: Limits,
    /// The bytes of all files as they are written.
    written: usize,
    words: usize,
    text: usize,
}

/// More than a limit allows: which one, as a message has it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spent(pub(super) String);

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// A file of so many bytes was read.
    pub(super) fn read(&mut self, bytes: usize) {
        self.written = self.written.saturating_add(bytes);
    }

    /// An import of so many words.
    pub(super) fn import(&mut self, words: usize) -> Result<(), Spent> {
        self.words(words.saturating_add(IMPORT))
    }

    /// So many words more.
    pub(super) fn words(&mut self, words: usize) -> Result<(), Spent> {
        self.words = self.words.saturating_add(words);
        let most = self.limits.for_text(self.written).words;
        if self.words <= most { Ok(()) } else { Err(Spent(format!("{} words", grouped(most)))) }
    }

    /// So many bytes of text more.
    pub(super) fn text(&mut self, bytes: usize) -> Result<(), Spent> {
        self.text = self.text.saturating_add(bytes);
        let most = self.limits.for_text(self.written).text;
        if self.text <= most { Ok(()) } else { Err(Spent(format!("{} bytes of text", grouped(most)))) }
    }

    /// These words and their text more.
    pub(super) fn copies(&mut self, words: &[Word]) -> Result<(), Spent> {
        self.words(words.len())?;
        self.text(words.iter().map(|word| word.text.len()).sum())
    }

    /// How many blocks may be inside each other.
    pub(super) fn depth(&self) -> usize {
        self.limits.depth
    }

    /// How many bytes of text may still come.
    pub(super) fn room(&self) -> usize {
        self.limits.for_text(self.written).text.saturating_sub(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_nothing_cost_something() {
        let mut budget = Budget::new(Limits { words: 5, ..Limits::default() });
        assert_eq!(budget.import(0), Ok(()));
        assert_eq!(budget.import(1), Ok(()));
        assert_eq!(budget.import(0), Err(Spent("5 words".to_owned())));
    }

    #[test]
    fn a_large_text_may_bring_more() {
        let mut budget = Budget::new(Limits { words: 5, text: 5, ..Limits::default() });
        budget.read(1_000_000);
        assert_eq!(budget.words(1_000_000), Ok(()));
        assert_eq!(budget.text(1_000_000), Ok(()));
    }
}
