//! Answers as programs and people read them.

mod json;
mod text;

pub use json::json;
pub use text::{Text, text};
