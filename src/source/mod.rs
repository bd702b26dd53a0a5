//! Text and where it stands: files, spans, `{$ENV}` substitution with a way back, and the loader.

pub mod dotenv;
mod env;
mod file;
pub mod git;
pub mod limits;
mod loader;
pub mod regular;
pub mod secrets;
mod span;
pub mod work_tree;

pub use env::Env;
pub use file::{Position, SourceFile, Sources};
pub use limits::Limits;
pub use loader::{Disk, Limited, Loader, Memory};
pub use span::{FileId, Span};
