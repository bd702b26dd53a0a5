//! What a configuration means: what Caddy would refuse when it provisions it, what was probably not meant, which requests are
//! answered by what, what a change does, and what an editor shows.
//!
//! ```
//! use caddyctl_analysis::diff::format;
//! use caddyctl_analysis::{Show, Side, check, compare, lint};
//! use caddyctl_language::{Env, Memory, compile};
//!
//! let (env, files) = (Env::empty(), Memory::new("/etc/caddy"));
//! let side = |name, text: &str| {
//!     let compilation = compile(name, text.as_bytes(), &env, &files);
//!     assert!(check(&compilation, None).is_empty() && lint(&compilation, |_| true).is_empty());
//!     Side::compiled(name, compilation).unwrap()
//! };
//! let old = side("old", "a.example {\n\trespond hi\n}\n");
//! let new = side("new", "a.example {\n\trespond ho\n}\n");
//! let report = compare(&old, &new, Show::default());
//! assert!(format::markdown(&report).contains("1 route changed"));
//! ```
//!
//! The package knows no operating system, as [`caddyctl_language`] does not: what the machine has is asked of
//! [`Facts`].
//!
//! What a user of the package needs is re-exported here. The modules hold the forms of output, and more for the other packages of
//! caddyctl.

#![deny(unreachable_pub)]

pub mod check;
pub mod lint;
pub mod session;
pub mod settings;
pub mod editor;
pub mod routes;
pub mod requests;
mod handlers;
pub mod diff;
pub mod checks;
pub mod traffic;
pub mod advisories;
pub mod upgrade;

pub use check::{Facts, of as check};
pub use diff::{Report, Show, Side, compare};
pub use lint::{Rule, fix::fix, lint};
pub use routes::Table;
pub use session::Session;
