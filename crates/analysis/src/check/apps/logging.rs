//! The `logging` section: the sink, the default log and the others.

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::placeholders::{self, Filled};

/// The levels that a log can have.
const LEVELS: &[&str] = &["", "debug", "info", "warn", "error", "panic", "fatal"];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let sink = node.at("sink");
    if !sink.is_null() {
        common(&sink, true, checker);
    }
    for (name, log) in node.at("logs").fields() {
        common(&log, name == "default", checker);
        contradictions(&log, checker);
    }
}

fn common(log: &Node, main: bool, checker: &mut Checker) {
    checker.module("caddy.logging.writers", "output", &log.at("writer"));
    checker.module("caddy.logging.encoders", "format", &log.at("encoder"));
    checker.module("caddy.logging.cores", "module", &log.at("core"));
    level(&log.at("level"), checker);
    // Of other logs, a wrong level only shows when something is logged.
    if main {
        level(&log.at("with_stacktrace"), checker);
    }
}

fn level(node: &Node, checker: &mut Checker) {
    match placeholders::fill_or_refuse(checker, node.text()) {
        Ok(Filled::Text(level)) if !LEVELS.contains(&level.to_lowercase().as_str()) => {
            let message = format!("`{level}` is not a log level");
            checker.refuse(node, message, "one of DEBUG, INFO, WARN, ERROR, PANIC and FATAL");
        }
        Ok(Filled::Unknown) => checker.unchecked(node, format_args!("the log level `{}`", node.text())),
        Ok(Filled::Text(_)) => {}
        Err(why) => {
            let message = format!("the log level cannot be read: {why}");
            checker.refuse(node, (message, [why.placeholder.as_str()]), "set the variable");
        }
    }
}

/// With both lists, each included name must stand above or below an excluded one, and none may be in both.
fn contradictions(log: &Node, checker: &mut Checker) {
    let excluded: Vec<_> = log.at("exclude").items().map(|node| node.text()).collect();
    if excluded.is_empty() {
        return;
    }
    for included in log.at("include").items() {
        let name = included.text();
        let within = |inner: &str, outer: &str| format!("{inner}.").starts_with(&format!("{outer}."));
        if excluded.contains(&name) {
            let message = format!("the log both includes and excludes `{name}`");
            checker.refuse(&included, message, "remove it from one of the two lists");
        } else if !excluded.iter().any(|other| within(name, other) || within(other, name)) {
            let message =
                format!("the log includes `{name}`, to which none of the excluded names is related");
            let help = "with both lists, each name must contain, or be contained in, a name of the other; \
                        including only some names already leaves out all the others";
            checker.refuse(&included, message, help);
        }
    }
}
