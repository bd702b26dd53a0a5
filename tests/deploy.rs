//! The deploy transaction, against the real Caddy and against everything that can go wrong around it.

#![allow(clippy::unwrap_used, missing_docs)]

mod asked;
mod bench;
mod bounded;
mod checks;
mod cli;
mod crash;
mod disk;
mod fake_api;
mod hostile;
mod origin;
mod raised;
mod real;
mod source;
mod version;
