//! What happens to a request: a concrete model of how Caddy answers it.
//!
//! A [`Program`] is decoded from a configuration and runs any number of requests. It opens no connection and no listener; files,
//! the environment and the time are asked of [`Facts`]. What cannot be known is told beside the answer. Rules measured on Caddy
//! 2.11.7.

mod admit;
mod answer;
mod bcrypt;
mod client;
mod date;
mod entry;
mod errors;
mod escape;
mod facts;
mod fields;
mod flow;
pub mod format;
mod glob;
mod handlers;
mod hash;
mod input;
mod layers;
mod listen;
mod matching;
mod message;
mod notes;
mod operations;
mod placeholders;
mod program;
mod query;
mod ranges;
mod regexp;
mod run;
mod sniff;
mod state;
mod status;
mod text;
mod trace;
mod url;
mod value;
mod words;
mod writer;

pub use answer::Answer;
pub use facts::{Entry, Facts, Missing, Nothing};
pub use fields::Fields;
pub use input::{Malformed, Reply, Request};
pub use listen::NoAnswer;
pub use notes::{Step, Undecided};
pub use program::{Place, Program};
pub use state::Visit;
