//! Plugins: definition files, which say how a plugin's words are read and which JSON they make. Those of well-known plugins are
//! part of the program; a user may write others. A definition becomes the same declarations as built-in words have.
//!
//! | file | what it does |
//! |---|---|
//! | `schema` | the keys of definition files |
//! | `json_schema` | the JSON Schema of these keys |
//! | `read` | reads one |
//! | `definition` | what it says |
//! | `interpret` | reads the words of a Caddyfile by it |
//! | `words` | the declarations that are made of it |
//! | `function` | the names of functions |
//! | `functions` | what no table says; only definitions of the program name them |
//! | `packages` | the definitions of the program, and the registry with some of them |
//! | `build` | what a Caddy program has, and the words of which only the names are known |

mod build;
mod definition;
mod examples;
mod function;
mod functions;
mod interpret;
mod json_schema;
mod packages;
mod read;
mod schema;
mod shared;
mod words;

pub use build::Build;
pub use definition::{Definition, Example, Part, Word};
pub use examples::try_examples;
pub use json_schema::json_schema;
pub use packages::{Chosen, Refusal, Request, choose, guards, packages, shipped};
pub use read::{Author, DEEPEST, LARGEST, MOST_ROWS, Problem, definition};
pub use schema::{Key, Takes};
