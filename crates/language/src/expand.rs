//! Imports, snippets and their arguments; then what stands at the top of a Caddyfile: the global options, the sites and
//! the named routes.

mod arguments;
mod block;
mod budget;
mod definition;
mod fill;
mod frames;
mod glob;
mod graph;
mod import;
mod reach;
mod reader;
mod segment;
mod shorthand;
mod stream;

pub use block::{Block, BlockKind, Segment};
pub use frames::Frames;
pub use glob::join;
pub use glob::{BadPattern, matches};
pub use import::SnippetUse;
pub use reader::{Expanded, expand};
pub use shorthand::{is_replaced_shorthand, replace_shorthands, shorthands};
