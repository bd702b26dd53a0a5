//! Text and where it stands: files, spans, `{$ENV}` substitution with a way back, and the loader.

pub mod dotenv;
mod env;
mod file;
pub mod limits;
mod loader;
pub mod secrets;
pub mod shown;
mod span;
pub mod toml;
pub mod variables;

pub use env::Env;
pub(crate) use env::Replaced;
pub use file::Position;
pub use file::{SourceFile, Sources};
pub use limits::Limits;
pub use loader::{Loader, Memory};
pub use span::{FileId, Span};
