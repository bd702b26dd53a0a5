//! The `encode` handler and its encoders.

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let encodings = node.at("encodings");
    checker.module_map("http.encoders", &encodings);
    let mut seen = Vec::new();
    for preferred in node.at("prefer").items() {
        let name = preferred.text();
        if encodings.at(name).view().is_missing() {
            let message = format!("`{name}` is preferred but not among the encodings");
            checker.refuse(
                &preferred,
                message,
                format!("add `{name}` to the encodings, or remove it from `prefer`"),
            );
        } else if seen.contains(&name) {
            checker.refuse(&preferred, format!("`{name}` is preferred twice"), "keep one");
        }
        seen.push(name);
    }
}

/// `gzip`: a level from -3 to 9.
pub(in crate::check) fn gzip(node: &Node, checker: &mut Checker) {
    let level = node.at("level");
    if !(-3..=9).contains(&level.number()) {
        let message = format!("the gzip level {} does not exist", level.number());
        checker.refuse(&level, message, "1 (fast) to 9 (small)");
    }
}

/// `zstd`: a level by name.
pub(in crate::check) fn zstd(node: &Node, checker: &mut Checker) {
    let level = node.at("level");
    let known = ["", "fastest", "default", "better", "best"];
    if !known.contains(&level.text().to_lowercase().as_str()) {
        let message = format!("there is no zstd level `{}`", level.text());
        checker.refuse(&level, message, "one of fastest, default, better and best");
    }
}
