//! A line with the block that opens on it: its words, and a cursor over them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use super::Cursor;
use crate::syntax::Word;

impl<'a> Cursor<'a> {
    /// The words of the current line and of the block that opens on it, from the current word on. Afterwards the
    /// position is at the last of them. Nothing is copied, unless a brace that counts for nothing was passed over.
    pub fn segment(&mut self) -> Cow<'a, [Word]> {
        let (start, before) = (self.at.unwrap_or(0), (self.at, self.nesting));
        let (mut end, mut contiguous) = (start, true);
        self.pass_segment(|first, last| {
            contiguous &= first == end + 1;
            end = last;
        });
        if contiguous {
            return self.between(start, end);
        }
        let mut indices = vec![start];
        (self.at, self.nesting) = before;
        self.pass_segment(|first, last| indices.extend(first..=last));
        Cow::Owned(indices.into_iter().filter_map(|index| self.get(index).cloned()).collect())
    }

    /// The words from `start` to `end`; copied only where the first of them is a name behind which a matcher was taken
    /// out.
    fn between(&self, start: usize, end: usize) -> Cow<'a, [Word]> {
        match &self.words {
            Cow::Borrowed(words) if start > 0 || self.head.is_none() => {
                Cow::Borrowed(words.get(start..=end).unwrap_or_default())
            }
            _ => Cow::Owned((start..=end).filter_map(|index| self.get(index).cloned()).collect()),
        }
    }

    /// Where the block ends that opens at `opening`, if its braces show it.
    fn closing_of(&self, opening: usize) -> Option<usize> {
        let reach = self.get(opening)?.reach;
        let closing = opening + reach.words()?;
        let earlier = self.removed.partition_point(|range| range.end <= opening);
        let is_whole = self.removed.get(earlier).is_none_or(|range| range.start > closing);
        (is_whole && self.get(closing)?.reach == reach).then_some(closing)
    }

    /// From a brace that [`next_block`](Self::next_block) has just gone through, to the one that closes its block, if
    /// its braces show where that is. At any other word it does nothing.
    pub(crate) fn leave_block(&mut self) {
        let closing =
            self.at.filter(|at| self.get(*at).is_some_and(Word::opens)).and_then(|at| self.closing_of(at));
        if let Some(closing) = closing {
            self.at = Some(closing);
            self.nesting = self.nesting.saturating_sub(1);
        }
    }

    /// Goes to the last word of the current line and of the block that opens on it. Tells on the way what counts for
    /// them: the first and the last of words that lie together.
    fn pass_segment(&mut self, mut pass: impl FnMut(usize, usize)) {
        while self.next_arg() {
            self.at.into_iter().for_each(|at| pass(at, at));
        }
        let opening = self.following();
        let opens_here = self.get(opening).is_some_and(|brace| !self.word().ends_line_before(brace));
        if let Some(closing) = self.closing_of(opening).filter(|_| opens_here) {
            // Of an empty block not even the opening brace counts.
            if closing > opening + 1 {
                pass(opening, closing);
            }
            self.at = Some(closing);
            return;
        }
        let level = self.nesting;
        let mut opened = false;
        while self.next_block(level) {
            if !opened {
                // The brace itself was passed over.
                self.at.and_then(|at| self.backward(at)).into_iter().for_each(|at| pass(at, at));
                opened = true;
            }
            self.at.into_iter().for_each(|at| pass(at, at));
        }
        if opened {
            self.at.into_iter().for_each(|at| pass(at, at));
        }
    }

    /// A cursor over the current line and its block, at its first word.
    #[must_use]
    pub(crate) fn nested(&mut self) -> Cursor<'a> {
        let mut nested = Cursor::new(self.segment()).with(self.known()).of(self.version);
        nested.faults = OnceCell::from(Rc::clone(self.faults.get_or_init(Rc::default)));
        nested.next();
        nested
    }
}
