//! The `file` writer. Caddy opens the file when it validates; here it is only looked at.

use std::path::Path;

use crate::check::checker::{Checker, Checks, plain};
use crate::check::finding::{Machine, Provision};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("caddy.logging.writers.file", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    dir_mode(&node.at("dir_mode"), checker);
    let mode = node.at("mode");
    if !mode.is_null() && !is_octal(mode.text()) {
        checker.report(&mode, Provision::FileMode { mode: mode.view().to_json() });
    }
    let compression = node.at("roll_compression");
    let rolls = node.at("roll").view().as_bool() != Some(false);
    let known = ["", "none", "gzip", "zstd"];
    if rolls && !known.contains(&compression.text().trim().to_lowercase().as_str()) {
        checker.report(&compression, Provision::Compression);
    }
    filename(&node.at("filename"), checker);
}

fn filename(node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => {
            checker.report(node, Provision::Unread { what: "log file's name", why });
        }
        Ok(Filled::Unknown) => {
            checker.report(node, Machine::LogFileUnknown { path: node.text().to_owned() });
        }
        Ok(Filled::Text(path)) if path.is_empty() => {
            checker.report(node, Provision::LogFileNameless);
        }
        // Without a look at files, a note for each log would be noise.
        Ok(Filled::Text(path)) => {
            if let Some(Err(error)) = checker.facts.map(|facts| facts.can_append(Path::new(&path))) {
                checker.report(node, Machine::LogFileUnwritten { path, why: plain(&error) });
            }
        }
    }
}

fn dir_mode(node: &Node, checker: &mut Checker) {
    let mode = node.text();
    let named = matches!(mode.trim().to_lowercase().as_str(), "" | "0" | "inherit" | "from_file");
    if !named && !is_octal(mode) {
        checker.report(node, Provision::DirMode);
    }
}

fn is_octal(mode: &str) -> bool {
    !mode.is_empty() && mode.bytes().all(|b| (b'0'..=b'7').contains(&b))
}
