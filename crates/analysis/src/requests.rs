//! What happens to a request: a concrete model of how Caddy answers it.
//!
//! A [`Program`] is decoded from a configuration and runs any number of requests. It opens no connection and no listener; files,
//! the environment and the time are asked of [`Facts`]. What cannot be known is told beside the answer. Rules measured on Caddy
//! 2.11.7.

pub mod address;
mod admit;
mod answer;
mod argon2id;
mod bcrypt;
mod client;
pub(crate) mod date;
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
mod inventory;
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
mod reach;
mod regexp;
mod run;
mod sniff;
mod state;
mod status;
mod text;
mod trace;
mod url;
mod value;
mod version;
mod words;
mod writer;

pub use answer::Answer;
pub use facts::{Entry, Facts, Missing, Nothing};
pub use fields::Fields;
pub use input::{Malformed, Reply, Request};
pub use inventory::{Part, PartKind};
pub use listen::NoAnswer;
pub use notes::{About, Step, Undecided};
pub use program::{Place, Program};
pub use reach::Aim;
pub use state::Visit;
pub(crate) use url::clean;
pub use version::FOLLOWED;
