//! A deploy is a transaction: plan, stage, check, load, verify, commit or undo.
//!
//! At every instant a known-good configuration is on the disk, and a journal says how to go on from wherever the
//! deploy was stopped. Nothing here prints, exits or reads the environment of the process.

pub mod address;
pub mod admin;
pub mod digest;
pub mod host;
pub mod mount;
pub mod owner;
pub mod plan;
pub mod write;
