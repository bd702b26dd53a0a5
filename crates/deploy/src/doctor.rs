//! The troubleshooting of a site, done by the machine: each finding says what is wrong and what to do.
//!
//! Findings come in the order of cause and consequence: what is named first explains what follows.

mod certificates;
mod heartbeat;
mod host;
mod network;
mod next;
mod process;
pub mod resolver;
pub mod selinux;
mod service;
mod websocket;

use std::time::Duration;

use serde::Serialize;

pub use crate::systemd::log::{Journal, Kind, Words};
pub use certificates::{acme, served, storage_writable};
pub use heartbeat::{Heartbeat, heartbeat};
pub use host::{clock, disks, environment_files, program, readable};
use network::upstreams_of;
pub use network::{Upstreams, has_public_address, is_local, listeners, names, names_of, upstreams};
pub use next::{Next, next_start};
pub use process::{Descriptors, udp_buffers};
pub use service::{Life, restarts, service};
pub use websocket::checks;

/// How long a listener or an upstream may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether requests suffer, now or after the next restart.
    pub severity: Severity,
    /// What is wrong.
    pub fault: String,
    /// What to do about it.
    pub help: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Requests suffer, now or after the next restart.
    Fault,
    /// It may become a fault.
    Warning,
}

impl Finding {
    /// Requests suffer.
    pub fn fault(fault: impl Into<String>, help: impl Into<String>) -> Self {
        Self { severity: Severity::Fault, fault: fault.into(), help: help.into() }
    }

    /// Requests may suffer one day.
    pub fn warning(fault: impl Into<String>, help: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::fault(fault, help) }
    }
}

#[cfg(test)]
mod tests;
