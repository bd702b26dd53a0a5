//! The pieces of a large file, read by a thread of its own while those before them are used.

use std::panic;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use super::{Lexer, Piece, is_worth_a_thread, make_way};

/// How many pieces are read before they are asked for, at most.
const AHEAD: usize = 4;

/// The pieces of a file, in order.
#[derive(Debug)]
pub enum Pieces {
    /// Read when they are asked for.
    Here(Box<Lexer>),
    /// Read ahead, by this thread until it has been waited for.
    Ahead(Receiver<Piece>, Option<JoinHandle<()>>),
}

impl Pieces {
    /// Those that `lexer` reads.
    pub fn new(lexer: Lexer) -> Self {
        if !is_worth_a_thread(lexer.remaining()) {
            return Self::Here(Box::new(lexer));
        }
        let (sender, receiver) = sync_channel(AHEAD);
        let mut reader = lexer.clone();
        let read = move || {
            // Nobody takes the rest when a compilation ends early.
            while reader.next().is_some_and(|piece| sender.send(piece).is_ok()) {}
        };
        match thread::Builder::new().spawn(read) {
            Ok(thread) => {
                make_way();
                Self::Ahead(receiver, Some(thread))
            }
            Err(_) => Self::Here(Box::new(lexer)),
        }
    }
}

impl Iterator for Pieces {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        match self {
            Self::Here(lexer) => lexer.next(),
            Self::Ahead(pieces, thread) => pieces.recv().ok().or_else(|| {
                if let Some(Err(fault)) = thread.take().map(JoinHandle::join) {
                    panic::resume_unwind(fault);
                }
                None
            }),
        }
    }
}
