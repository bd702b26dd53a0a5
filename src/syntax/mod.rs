//! Text to words: the pest grammar, the text that each word stands for, and the lines they stand on.

pub mod fmt;
mod lex;
mod scalar;
mod word;

pub use lex::{Lexer, lex};
pub use scalar::scalar;
pub use word::{Chain, Quote, Word};
