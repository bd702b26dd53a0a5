//! The Caddyfile language: text in, diagnostics and configuration out, as Caddy 2.11.7 has it.
//!
//! [`compile()`] gives Caddy's JSON, byte for byte, and every error of a text in one run. Imports come from a
//! [`Loader`], `{$NAME}` from an [`Env`], so that nothing is read that the caller did not hand over.
//!
//! ```
//! use caddyctl_language::render::{Report, concise};
//! use caddyctl_language::{Env, Memory, compile};
//!
//! let files = Memory::new("/etc/caddy");
//! let site = compile("Caddyfile", b":80 {\n\trespond hi\n}\n", &Env::empty(), &files);
//! assert!(site.json().unwrap().starts_with(br#"{"apps":{"http":"#));
//!
//! let wrong = compile("Caddyfile", b":80 {\n\trespnd hi\n}\n", &Env::empty(), &files);
//! let report = Report { sources: &wrong.sources, diagnostics: &wrong.diagnostics };
//! assert!(concise::render(&[report]).starts_with("Caddyfile:2:2: error[E0201]: unknown directive `respnd`"));
//! ```
//!
//! [`format()`] formats a text as `caddy fmt` does:
//!
//! ```
//! let formatted = caddyctl_language::format(b":80 {\nrespond   hi\n}\n");
//! assert_eq!(formatted, b":80 {\n\trespond hi\n}\n");
//! ```
//!
//! The package knows no operating system: it opens no file, starts no thread, and builds for WebAssembly. What is nested is read
//! with the stack of the thread; the [`Limits`] say how deeply.
//!
//! What a user of the package needs is re-exported here. The modules hold more, for the other packages of caddyctl; what is
//! hidden in this documentation may change at any time. They are listed in the order in which data flows, and each uses only
//! those above it.

#![deny(unreachable_pub)]

// The parser that pest derives without its `std`, whose guard asks for the rest of the stack at each rule, names it.
extern crate alloc;

pub mod source;
pub mod version;
pub mod diagnostics;
#[doc(hidden)]
pub mod go;
pub mod syntax;
pub mod config;
pub mod spec;
mod repair;
#[doc(hidden)]
pub mod expand;
#[doc(hidden)]
pub mod matchers;
#[doc(hidden)]
pub mod modules;
pub mod lower;
pub mod directives;
#[doc(hidden)]
pub mod options;
pub mod reference;
pub mod compile;
pub mod plugins;

pub use compile::{Compilation, adapt, compile, compile_for};
pub use diagnostics::{Code, Diagnostic, Severity, render};
pub use source::{Env, Limits, Loader, Memory, Sources};
pub use syntax::fmt::{format, format_for};
pub use version::Version;
