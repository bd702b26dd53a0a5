//! What an editor asks while a Caddyfile is being written: what may stand here, what this word means, where it was
//! defined, and what the file holds. All of it works on text that is not finished and does not compile.

mod completion;
mod definition;
mod hover;
mod outline;
mod place;
pub mod positions;
mod tree;
mod vocabulary;

pub use completion::{Completion, Sort, complete, page_of};
pub use definition::{Target, definition};
pub use hover::{Hover, hover};
pub use outline::{Kind, Symbol, outline};
pub use tree::{Line, Tree};
