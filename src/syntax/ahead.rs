//! The pieces of a large file, read by a thread of its own while those before them are used.

use std::panic;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use super::{Lexer, Piece};

/// In bytes. Starting a thread costs as much as compiling some 5 KB.
const LARGE: usize = 64 * 1024;

/// Room on the stack for blocks nested as deeply as files can nest them, in bytes; memory is used only as it grows.
pub const DEEP_STACK: usize = 512 * 1024 * 1024;

/// How many pieces are read before they are asked for, at most.
const AHEAD: usize = 4;

/// Whether a second thread saves time on a text of this many bytes: reading it is a sixth of the work of compiling, and
/// the look at its layout a tenth.
pub fn is_worth_a_thread(bytes: usize) -> bool {
    bytes >= LARGE && thread::available_parallelism().is_ok_and(|cores| cores.get() > 1)
}

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
            Ok(thread) => Self::Ahead(receiver, Some(thread)),
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
