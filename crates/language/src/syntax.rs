//! Text to words: the pest grammar, the text that each word stands for, and the lines they stand on.

pub mod fmt;
mod lex;
mod word;

pub(crate) use lex::Lexer;
pub use lex::{count_pairs, lex};
pub(crate) use word::{Chain, Reach};
pub use word::{Quote, Word};
