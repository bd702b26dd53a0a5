//! Text and where it stands: files, spans, `{$ENV}` substitution with a way back, and the loader.

mod bounded;
pub mod dotenv;
mod env;
mod file;
pub mod git;
pub mod limits;
mod loader;
mod project;
pub mod regular;
pub mod secrets;
pub mod shown;
mod span;
pub mod toml;
pub mod variables;
pub mod work_tree;

pub use bounded::Bounded;
pub use env::{Env, Replaced};
pub use file::{Position, SourceFile, Sources};
pub use limits::Limits;
pub use loader::{Disk, Loader, Memory};
pub use project::Project;
pub use span::{FileId, Span};
