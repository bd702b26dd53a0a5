//! Reports as text, Markdown, JSON and annotations.

mod github;
mod json;
mod markdown;
mod text;
mod unified;
mod words;

pub use github::github;
pub use json::json;
pub use markdown::markdown;
pub use text::text;
pub use unified::{Paint, unified};
