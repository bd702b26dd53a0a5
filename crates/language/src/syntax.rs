//! Text to words: the pest grammar, the text that each word stands for, and the lines they stand on.

pub mod fmt;
mod lex;
mod word;

pub use lex::{Lexer, Piece, count_pairs, lex};
pub use word::{Chain, Quote, Reach, Word};
