//! The machine that caddyctl runs on: its files, its git work trees, and the facts that checks ask for.

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
