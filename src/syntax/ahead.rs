//! The pieces of a large file, some of them read by another thread.
//!
//! Where a line begins with something other than white space, a file can nearly always be read without knowing what
//! stands before. The other thread reads every second part of the file from such a place on. Whoever wants the pieces
//! reads the other parts, and takes over what is there if it comes to that very place with nothing left open; if a quote
//! or a heredoc leads across the place, it goes on by itself.

use std::sync::mpsc::{Receiver, sync_channel};
use std::vec;

use super::{Lexer, Piece, is_worth_a_thread, later};

/// What is read in one turn, in bytes.
const PART: usize = 64 * 1024;

/// How many turns the other thread may be ahead: some 30 MB of words.
const AHEAD: usize = 64;

/// Work for the other thread when it has read its parts.
pub type Afterwards = Box<dyn FnOnce() + Send>;

/// The pieces of a file, in order.
#[derive(Debug)]
pub struct Pieces {
    lexer: Lexer,
    other: Option<Other>,
}

/// The other thread, and what it has read.
#[derive(Debug)]
struct Other {
    /// Where its turns begin, the next one last.
    starts: Vec<usize>,
    turns: Receiver<Turn>,
    /// What is left of the turn that has been taken over.
    taken: vec::IntoIter<Piece>,
}

/// What the other thread has read in one turn.
#[derive(Debug)]
struct Turn {
    pieces: Vec<Piece>,
    /// The lexer behind them.
    after: Lexer,
}

impl Pieces {
    /// Those that `lexer` reads, from the start of its file on. `afterwards` is done by the other thread, and not at all
    /// if there is none.
    pub fn new(lexer: Lexer, afterwards: Afterwards) -> Self {
        let places = places(lexer.text());
        let mut starts: Vec<usize> = places.iter().copied().skip(1).step_by(2).collect();
        if starts.is_empty() || !is_worth_a_thread(lexer.text().len()) {
            return Self { lexer, other: None };
        }
        let (sender, turns) = sync_channel(AHEAD);
        let mut reader = lexer.clone();
        let read = move || {
            for (number, start) in places.iter().enumerate().skip(1).step_by(2) {
                reader.go_to(*start);
                let end = places.get(number + 1).copied().unwrap_or(usize::MAX);
                let mut pieces = Vec::new();
                while reader.reached() < end
                    && let Some(piece) = reader.next_until(end)
                {
                    pieces.push(piece);
                }
                let is_lost = places.get(number + 2).is_some_and(|next| reader.reached() > *next);
                // Nobody takes the rest when a compilation ends early. A start inside of a quote may lead to the end of
                // the file, and is not tried again.
                if sender.send(Turn { pieces, after: reader.clone() }).is_err() || is_lost {
                    break;
                }
            }
            drop(sender);
            afterwards();
        };
        if !later(read) {
            return Self { lexer, other: None };
        }
        starts.reverse();
        let other = Other { starts, turns, taken: Vec::new().into_iter() };
        Self { lexer, other: Some(other) }
    }
}

impl Other {
    /// Takes over the next turn if `lexer` has come to where it begins, and says where it begins else.
    fn take_over(&mut self, lexer: &mut Lexer) -> Option<usize> {
        while let Some(start) = self.starts.last().copied() {
            lexer.pass_line_breaks(start);
            if lexer.reached() < start {
                return Some(start);
            }
            self.starts.pop();
            let Ok(turn) = self.turns.recv() else {
                self.starts.clear();
                return None;
            };
            if lexer.reached() == start && lexer.is_fresh() {
                *lexer = turn.after;
                self.taken = turn.pieces.into_iter();
                return None;
            }
        }
        None
    }
}

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let Some(other) = &mut self.other else { return self.lexer.next() };
        if let Some(piece) = other.taken.next() {
            return Some(piece);
        }
        let until = other.take_over(&mut self.lexer);
        other.taken.next().or_else(|| self.lexer.next_until(until.unwrap_or(usize::MAX)))
    }
}

/// Where the parts of `text` begin: at its start, and at lines that begin with something other than white space.
fn places(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut places = vec![0];
    let mut from = PART;
    while let Some(at) = bytes.get(from..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        let line = from + at + 1;
        if bytes.get(line).is_some_and(u8::is_ascii_graphic) {
            places.push(line);
            from = line + PART;
        } else {
            from = line;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Env, Sources};
    use crate::syntax::lex;

    /// Some 300 KB of sites, with `special` in every site for which `is_special` holds.
    fn text(special: &str, is_special: impl Fn(usize) -> bool) -> String {
        let site = |number: usize| {
            let special = if is_special(number) { special } else { "" };
            format!("site{number}.example.com {{\n\trespond \"number {number}\"\n{special}}}\n")
        };
        (0..6000).map(site).collect()
    }

    fn compare(text: &str) {
        let mut sources = Sources::new();
        let file = sources.add("Caddyfile", text.as_bytes(), &Env::empty());
        let (words, faults) = lex(&sources, file);
        let (sender, done) = sync_channel(1);
        let pieces = Pieces::new(
            Lexer::new(&sources, file),
            Box::new(move || {
                let _ = sender.send(());
            }),
        );
        let helped = pieces.other.is_some();
        let mut at = 0;
        let mut found = 0;
        for mut piece in pieces {
            let end = at + piece.words.len();
            assert_eq!(piece.words.as_slice(), &words[at..end]);
            at = end;
            found += piece.faults.drain(..).len();
        }
        assert_eq!((at, found), (words.len(), faults.len()));
        assert_eq!(done.recv().is_ok(), helped, "what comes afterwards is done by the other thread alone");
    }

    #[test]
    fn the_same_words_as_one_thread() {
        for special in [
            "",
            "\trespond \"a\nb.example.com {\n}\n\"\n",
            "\trespond <<END\nb.example.com {\n\t\"\n}\nEND\n",
            "\trespond `\n\"\n`\n",
            "\theader a \\\nb \\\nc\n",
            "# ends with a backslash \\\n",
            "\trespond ümläut\r\n",
            "\r\n\r\n",
            "\tredir \\\"quoted\\\" \\\n",
            "\n\n\n",
        ] {
            compare(&text(special, |_| true));
            compare(&text(special, |number| number % 7 == 3));
            compare(&text(special, |number| number % 997 == 3));
        }
    }

    #[test]
    fn what_leads_across_many_places() {
        for special in ["\trespond \"\n", "\trespond `\n", "\trespond <<END\n", "\\", "\trespond <<\n"] {
            for once in [10, 3000, 5990] {
                compare(&text(special, |number| number == once));
                compare(&text(special, |number| number == once || number == once + 4000));
            }
            compare(&text(special, |number| number % 1500 == 3));
        }
    }
}
