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
        let start = self.at.unwrap_or(0);
        while self.next_arg() {}
        let (at, nesting) = (self.at, self.nesting);
        let line_end = at.unwrap_or(start);
        if let Some(end) = self.pass_measured_block(line_end) {
            return self.between(start, end);
        }
        let (mut end, mut contiguous) = (line_end, true);
        self.pass_block(|index| {
            end += 1;
            contiguous &= index == end;
        });
        if contiguous {
            return self.between(start, end);
        }
        let mut indices: Vec<usize> = (start..=line_end).collect();
        (self.at, self.nesting) = (at, nesting);
        self.pass_block(|index| indices.push(index));
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

    /// Goes to the closing brace of the block that opens behind `line_end`, if its braces tell where that is. Gives the
    /// last word that counts for the block: of an empty one not even its opening brace.
    fn pass_measured_block(&mut self, line_end: usize) -> Option<usize> {
        let opening = line_end + 1;
        let reach = self.get(opening)?.reach;
        let words = reach.words()?;
        let closing = opening + words;
        // If words were taken out between them, whatever stands there now reaches to somewhere else.
        let is_whole = |brace: &Word| brace.closes() && brace.reach == reach;
        if !is_whole(self.get(closing)?) || self.get(line_end)?.ends_line_before(self.get(opening)?) {
            return None;
        }
        self.at = Some(closing);
        Some(if words == 1 { line_end } else { closing })
    }

    /// Goes to the last word of the block that opens on this line, and tells the index of each on the way.
    fn pass_block(&mut self, mut pass: impl FnMut(usize)) {
        let level = self.nesting;
        let mut opened = false;
        while self.next_block(level) {
            if !opened {
                // The brace itself was passed over.
                self.at.and_then(|at| at.checked_sub(1)).into_iter().for_each(&mut pass);
                opened = true;
            }
            self.at.into_iter().for_each(&mut pass);
        }
        if opened {
            self.at.into_iter().for_each(&mut pass);
        }
    }

    /// A cursor over the current line and its block, at its first word.
    #[must_use]
    pub fn nested(&mut self) -> Cursor<'a> {
        let mut nested = Cursor::new(self.segment());
        nested.faults = OnceCell::from(Rc::clone(self.faults.get_or_init(Rc::default)));
        nested.next();
        nested
    }
}
