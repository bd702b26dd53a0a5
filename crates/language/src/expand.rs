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

pub use block::{Block, BlockKind};
pub use frames::Frames;
pub use glob::join;
pub use glob::matches;
pub use import::SnippetUse;
pub(crate) use reader::expand;
pub(crate) use shorthand::is_replaced_shorthand;
pub use shorthand::{replace_shorthands, shorthands};
