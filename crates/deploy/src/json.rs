//! Configurations as JSON, nested as deeply as the program has a stack for.

use caddyctl_language::config::{self, ReadError, Room};
use serde_json::Value;

/// The stack that the threads of a deploy need (bytes). The system provides memory only for what is used.
pub const STACK: usize = 512 * 1024 * 1024;

/// The most levels of arrays and objects. 12,000 nested `handle` blocks, which Caddy accepts, have 48,000.
pub const MOST_LEVELS: usize = 50_000;

/// The configuration that `text` is.
///
/// # Errors
///
/// What is not JSON, or is nested deeper than [`MOST_LEVELS`].
pub fn read(text: &[u8]) -> Result<Value, ReadError> {
    config::read(text, MOST_LEVELS)
}

/// What a text that somebody else wrote may take, with so many bytes of memory for its values.
pub fn room(memory: usize) -> Room<'static> {
    Room::of(memory, MOST_LEVELS)
}
