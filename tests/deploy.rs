//! The deploy transaction, against the real Caddy and against everything that can go wrong around it.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/backend.rs"]
mod backend;
#[path = "support/caddy.rs"]
mod caddy;
#[path = "support/server.rs"]
mod server;
#[path = "support/site.rs"]
mod site;

#[path = "deploy/asked.rs"]
mod asked;
#[path = "deploy/bench.rs"]
mod bench;
#[path = "deploy/bounded.rs"]
mod bounded;
#[path = "deploy/checks.rs"]
mod checks;
#[path = "deploy/cli.rs"]
mod cli;
#[path = "deploy/crash.rs"]
mod crash;
#[path = "deploy/disk.rs"]
mod disk;
#[path = "deploy/fake_api.rs"]
mod fake_api;
#[path = "deploy/hostile/mod.rs"]
mod hostile;
#[path = "deploy/raised.rs"]
mod raised;
#[path = "deploy/real.rs"]
mod real;
#[path = "deploy/source.rs"]
mod source;
