//! Text to words: the pest grammar, the text that each word stands for, and the lines they stand on.

mod ahead;
mod beside;
pub mod fmt;
mod lex;
mod word;

pub use ahead::{Afterwards, Pieces};
use beside::later;
pub use beside::{DEEP_STACK, beside, is_worth_a_thread};
pub use lex::{Lexer, Piece, count_pairs, lex};
pub use word::{Chain, Quote, Reach, Word};
