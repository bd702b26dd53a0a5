//! Text to words: the pest grammar, the text that each word stands for, and the lines they stand on.

mod ahead;
pub mod fmt;
mod lex;
mod word;

pub use ahead::Pieces;
pub use ahead::{DEEP_STACK, is_worth_a_thread};
pub use lex::{Lexer, Piece, count_pairs, lex};
pub use word::{Chain, Quote, Word};
