//! `caddyctl` compiles Caddyfiles to the JSON that Caddy itself would make of them, finds every fault on the way, and
//! deploys the result. Source text in, diagnostics and config out; nothing here prints or reads the environment.
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
pub mod check;
pub mod lint;
pub mod session;
pub mod editor;
pub mod routes;
pub mod diff;
pub mod deploy;
