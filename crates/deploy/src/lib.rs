//! A deploy is a transaction: plan, stage, check, load, verify, commit or undo.
//!
//! At every instant a known-good configuration is on the disk, and a journal says how to go on from wherever the
//! deploy was stopped. Nothing here prints, exits or reads the environment of the process.
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
