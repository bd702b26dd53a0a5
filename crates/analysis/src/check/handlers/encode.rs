//! The `encode` handler and its encoders.

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks =
    &[("http.encoders.gzip", gzip), ("http.encoders.zstd", zstd), ("http.handlers.encode", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let encodings = node.at("encodings");
    checker.module_map("http.encoders", &encodings);
    let mut seen = Vec::new();
    for preferred in node.at("prefer").items() {
        let name = preferred.text();
        if encodings.at(name).view().is_missing() {
            checker.report(&preferred, Provision::NotEncoded);
        } else if seen.contains(&name) {
            checker.report(&preferred, Provision::PreferredTwice);
        }
        seen.push(name);
    }
}

/// `gzip`: a level from -3 to 9.
pub(in crate::check) fn gzip(node: &Node, checker: &mut Checker) {
    let level = node.at("level");
    if !(-3..=9).contains(&level.number()) {
        checker.report(&level, Provision::GzipLevel);
    }
}

/// `zstd`: a level by name.
pub(in crate::check) fn zstd(node: &Node, checker: &mut Checker) {
    let level = node.at("level");
    let known = ["", "fastest", "default", "better", "best"];
    if !known.contains(&level.text().to_lowercase().as_str()) {
        checker.report(&level, Provision::ZstdLevel);
    }
}
