//! The Caddyfile language: text in, diagnostics and configuration out.
//!
//! The modules stand in the order in which data flows. Each uses only those above it.

// The parser that pest derives without its `std`, whose guard asks for the rest of the stack at each rule, names it.
extern crate alloc;

pub mod source;
pub mod diagnostics;
pub mod go;
pub mod syntax;
pub mod config;
pub mod spec;
pub mod expand;
pub mod matchers;
pub mod modules;
pub mod lower;
pub mod directives;
pub mod options;
pub mod reference;
pub mod compile;
