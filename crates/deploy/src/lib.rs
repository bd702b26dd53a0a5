//! A deploy is a transaction: plan, stage, check, load, verify, commit or undo.
//!
//! At every instant a known-good configuration is on the disk, and a journal says how to go on from wherever the
//! deploy was stopped. Nothing here prints, exits or reads the environment of the process.

pub mod address;
pub mod admin;
pub mod apart;
pub mod archive;
pub mod artifact;
pub mod cancel;
pub mod certificates;
pub mod check;
pub mod checkout;
pub mod compiler;
pub mod confirm;
pub mod deadline;
mod deployment;
pub mod digest;
pub mod disk;
pub mod doctor;
pub mod error;
pub mod fault;
pub mod folder;
pub mod history;
pub mod host;
pub mod journal;
pub mod json;
pub mod listeners;
pub mod load;
pub mod lock;
pub mod modules;
pub mod mount;
pub mod notify;
pub mod overlay;
pub mod owner;
pub mod peer;
pub mod plan;
pub mod probe;
pub mod recover;
pub mod refusal;
pub mod resolve;
pub mod resolver;
pub mod run;
pub mod space;
pub mod stage;
pub mod status;
pub mod switch;
pub mod systemd;
mod tls;
mod transaction;
pub mod undo;
pub mod unit_file;
pub mod units;
pub mod verify;
pub mod watchdog;
pub mod world;
pub mod write;

pub use deployment::{Report, deploy, plan};
