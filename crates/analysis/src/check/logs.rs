//! Where logs go, and what becomes of their fields.

pub(super) mod encoder;
pub(super) mod file_writer;
pub(super) mod filter;
pub(super) mod net_writer;

use super::checker::{Checker, Checks};
use super::finding::Provision;
use super::node::Node;

/// What these modules check when they are provisioned.
pub(super) const CHECKS: Checks = &[("caddy.logging.cores.mock", mock)];

/// The core `mock` is for Caddy's own tests: a server that logs with it ends at once (measured on Caddy 2.11.7).
pub(super) fn mock(node: &Node, checker: &mut Checker) {
    checker.report(node, Provision::MockCore);
}
