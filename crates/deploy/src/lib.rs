//! A deploy is a transaction: plan, stage, check, load, verify, commit or undo.
//!
//! At every instant a known-good configuration is on the disk, and a journal says how to go on from wherever the
//! deploy was stopped. Nothing here prints, exits or reads the environment of the process.
//!
//! [`deploy`] carries out what [`plan`] shows. What it needs of the machine and of the caller is in a
//! [`Setup`](transaction::setup::Setup). After a load, the checks of a `checks.toml` are asked of the served sites:
//!
//! ```
//! use caddyctl_deploy::verify;
//!
//! let checks = verify::parse("[[check]]\nurl = \"https://a.example/\"\nstatus = 200\n").unwrap();
//! assert_eq!(checks.check.len(), 1);
//! let wrong = verify::parse("[[check]]\nurl = \"a.example\"\n").unwrap_err();
//! assert!(!wrong.to_string().is_empty());
//! ```
//!
//! Each module uses those that are listed above it.

pub mod process;
pub mod json;
pub mod files;
pub mod artifact;
mod tls;
pub mod listener;
pub mod certificates;
pub mod admin;
pub mod systemd;
pub mod watchdog;
pub mod state;
pub mod source;
pub mod compiler;
pub mod verify;
pub mod transaction;
pub mod place;
pub mod doctor;
pub mod status;

pub use transaction::deployment::{Report, deploy, plan};
