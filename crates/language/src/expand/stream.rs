//! The words that are still to be read. An import puts its words in front, so that every word is handled once for each
//! time that it is imported, and nothing is ever rebuilt.

use crate::diagnostics::Diagnostic;
use crate::repair::FileRepairs;
use crate::syntax::{Lexer, Word};

/// A position in the words of a Caddyfile, with what an import needs to splice.
#[derive(Debug)]
pub(super) struct Stream {
    /// What is still to come of what has been read, last word first; empty only at the end.
    rest: Vec<Word>,
    /// Where further words come from, so that only a few are there at a time.
    pieces: Lexer,
    /// The faults of the shape of what has been read.
    faults: Vec<Diagnostic>,
    previous: Option<Word>,
    current: Option<Word>,
    /// Whether nothing more is to be read.
    is_stopped: bool,
    /// Words of the file that are read in another way.
    repairs: Option<FileRepairs>,
}

impl Stream {
    pub(super) fn new(lexer: Lexer, repairs: Option<FileRepairs>) -> Self {
        let mut stream = Self {
            rest: Vec::new(),
            pieces: lexer,
            faults: Vec::new(),
            previous: None,
            current: None,
            is_stopped: false,
            repairs,
        };
        stream.read_on();
        stream
    }

    fn read_on(&mut self) {
        while self.rest.is_empty()
            && !self.is_stopped
            && let Some(mut piece) = self.pieces.next()
        {
            self.rest = match &self.repairs {
                Some(repairs) => repairs.apply(piece.words),
                None => piece.words,
            };
            self.faults.append(&mut piece.faults);
        }
        if self.rest.is_empty() && !self.is_stopped {
            self.rest = self.repairs.take().map(|repairs| repairs.appended()).unwrap_or_default();
        }
        self.rest.reverse();
    }

    /// Goes to the next word, if there is one.
    pub(super) fn advance(&mut self) -> bool {
        let Some(next) = self.rest.pop() else { return false };
        self.previous = self.current.replace(next);
        if self.rest.is_empty() {
            self.read_on();
        }
        true
    }

    /// The faults of the shape of what has been read.
    pub(super) fn faults(self) -> Vec<Diagnostic> {
        self.faults
    }

    /// Whether the shape of what has been read is at fault, so that words may be missing.
    pub(super) fn is_broken(&self) -> bool {
        self.is_stopped || !self.faults.is_empty()
    }

    /// Leaves out everything that is still to come.
    pub(super) fn stop(&mut self) {
        self.is_stopped = true;
        self.rest = Vec::new();
    }

    pub(super) fn current(&self) -> Option<&Word> {
        self.current.as_ref()
    }

    pub(super) fn peek(&self) -> Option<&Word> {
        self.rest.last()
    }

    /// Whether the current word begins a line.
    pub(super) fn begins_line(&self) -> bool {
        match (&self.previous, &self.current) {
            (Some(previous), Some(current)) => previous.ends_line_before(current),
            _ => true,
        }
    }

    /// Whether nothing follows the current word on its line.
    pub(super) fn ends_line(&self) -> bool {
        match (&self.current, self.rest.last()) {
            (Some(current), Some(next)) => current.ends_line_before(next),
            _ => true,
        }
    }

    /// Goes to the next word of this line, unless it opens a block.
    pub(super) fn advance_to_argument(&mut self) -> bool {
        !self.ends_line() && self.peek().is_some_and(|next| !next.opens()) && self.advance()
    }

    /// Makes the current word the next one again.
    pub(super) fn step_back(&mut self) {
        if let Some(current) = self.current.take() {
            self.rest.push(current);
            self.current = self.previous.take();
        }
    }

    /// Forgets the current word and everything since `previous`, and puts `words` in front of what is to come. The
    /// word before them is `previous`.
    pub(super) fn splice(&mut self, previous: Option<Word>, words: Vec<Word>) {
        self.rest.extend(words.into_iter().rev());
        self.previous = None;
        self.current = previous;
    }

    /// The word before the current one.
    pub(super) fn previous(&self) -> Option<&Word> {
        self.previous.as_ref()
    }
}
