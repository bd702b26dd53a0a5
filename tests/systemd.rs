//! The shipped binary on a real systemd: Debian with the real Caddy, booted in a container.
//!
//! Needs root, systemd-nspawn and the Debian that `tests/systemd/set-up` builds. Where one of them is missing, the
//! tests say which, and pass.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "systemd/container.rs"]
mod container;
#[path = "systemd/crash.rs"]
mod crash;
#[path = "systemd/host.rs"]
mod host;
#[path = "systemd/service.rs"]
mod service;
#[path = "systemd/watchdog.rs"]
mod watchdog;
