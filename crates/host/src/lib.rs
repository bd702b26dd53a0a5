//! The machine that caddyctl runs on: its files, its git work trees, and the facts that checks ask for.
//!
//! [`Disk`] reads the files that a Caddyfile imports, [`Bounded`] keeps it to its project and its limits, and [`Machine`] answers
//! what checks ask.
//!
//! ```
//! use std::path::Path;
//!
//! use caddyctl_host::{Bounded, Disk, Machine};
//! use caddyctl_language::{Env, compile};
//!
//! let (env, disk) = (Env::empty(), Disk::new("/etc/caddy"));
//! let files = Bounded::by_project(&disk, Path::new("/etc/caddy/Caddyfile"), &[]);
//! let compilation = compile("Caddyfile", b":80 {\n\troot * /\n\tfile_server\n}\n", &env, &files);
//! let machine = Machine::new("/etc/caddy", env);
//! assert!(caddyctl_analysis::check(&compilation, Some(&machine)).is_empty());
//! ```

mod os;
pub mod regular;
pub mod disk;
pub mod work_tree;
mod bounded;
pub mod project;
pub mod git;
pub mod machine;
pub mod revision;

pub use bounded::Bounded;
pub use disk::Disk;
pub use machine::{Machine, User};
pub use project::Project;
