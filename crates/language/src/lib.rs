//! The Caddyfile language: text in, diagnostics and configuration out, as Caddy 2.11.7 has it.
//!
//! [`compile`](compile::compile) gives Caddy's JSON, byte for byte, and every error of a text in one run. Imports come from a
//! [`Loader`](source::Loader), `{$NAME}` from an [`Env`](source::Env), so that nothing is read that the caller did not hand over.
//!
//! ```
//! use caddyctl_language::compile::compile;
//! use caddyctl_language::diagnostics::render::{Report, concise};
//! use caddyctl_language::source::{Env, Memory};
//!
//! let files = Memory::new("/etc/caddy");
//! let site = compile("Caddyfile", b":80 {\n\trespond hi\n}\n", &Env::empty(), &files);
//! assert!(site.json().unwrap().starts_with(br#"{"apps":{"http":"#));
//!
//! let wrong = compile("Caddyfile", b":80 {\n\trespnd hi\n}\n", &Env::empty(), &files);
//! let report = Report { sources: &wrong.sources, diagnostics: &wrong.diagnostics };
//! assert!(concise::render(&[report]).starts_with("Caddyfile:2:2: error[E0201]: there is no directive `respnd`"));
//! ```
//!
//! [`syntax::fmt`] formats a text as `caddy fmt` does:
//!
//! ```
//! let formatted = caddyctl_language::syntax::fmt::format(b":80 {\nrespond   hi\n}\n");
//! assert_eq!(formatted, b":80 {\n\trespond hi\n}\n");
//! ```
//!
//! The package knows no operating system: it opens no file, starts no thread, and builds for WebAssembly. What is nested is read
//! with the stack of the thread; the [`Limits`](source::Limits) say how deeply.
//!
//! The modules are listed in the order in which data flows. Each uses only those above it.

#![deny(unreachable_pub)]

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
