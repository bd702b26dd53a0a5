//! The `file` writer. Caddy opens the file when it validates; here it is only looked at.

use std::path::Path;

use crate::check::checker::{Checker, plain};
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    dir_mode(&node.at("dir_mode"), checker);
    let mode = node.at("mode");
    if !mode.is_null() && !is_octal(mode.text()) {
        checker.refuse(
            &mode,
            format!("{} is not a mode for files", mode.view().to_json()),
            "octal digits such as \"0644\"",
        );
    }
    let compression = node.at("roll_compression");
    let rolls = node.at("roll").view().as_bool() != Some(false);
    let known = ["", "none", "gzip", "zstd"];
    if rolls && !known.contains(&compression.text().trim().to_lowercase().as_str()) {
        let message = format!("rolled logs cannot be compressed with `{}`", compression.text());
        checker.refuse(&compression, message, "one of none, gzip and zstd");
    }
    filename(&node.at("filename"), checker);
}

fn filename(node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Err(why) => {
            let message = format!("the log file's name cannot be read: {why}");
            checker.refuse(node, (message, [why.placeholder.as_str()]), "set the variable");
        }
        Ok(Filled::Unknown) => {
            checker.unchecked(node, format_args!("whether the log file `{}` can be written", node.text()));
        }
        Ok(Filled::Text(path)) if path.is_empty() => {
            checker.refuse(node, "the log file has no name", "such as `/var/log/caddy/access.log`");
        }
        Ok(Filled::Text(path)) => match checker.facts.map(|facts| facts.can_append(Path::new(&path))) {
            None => checker.unchecked(node, format_args!("whether the log file `{path}` can be written")),
            Some(Err(error)) => {
                let message = format!("the log file `{path}` cannot be written: {}", plain(&error));
                checker.machine(node, message, "give the folder to the user that Caddy runs as");
            }
            Some(Ok(())) => {}
        },
    }
}

fn dir_mode(node: &Node, checker: &mut Checker) {
    let mode = node.text();
    let named = matches!(mode.trim().to_lowercase().as_str(), "" | "0" | "inherit" | "from_file");
    if !named && !is_octal(mode) {
        let message = format!("`{mode}` is not a mode for folders");
        checker.refuse(node, message, "octal digits such as 0755, `inherit` or `from_file`");
    }
}

fn is_octal(mode: &str) -> bool {
    !mode.is_empty() && mode.bytes().all(|b| (b'0'..=b'7').contains(&b))
}
