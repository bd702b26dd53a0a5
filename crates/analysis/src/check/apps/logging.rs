//! The `logging` section: the sink, the default log and the others.

use crate::check::checker::Checker;
use crate::check::finding::{Machine, Provision};
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
            checker.report(node, Provision::LogLevel { level });
        }
        Ok(Filled::Unknown) => checker.report(node, Machine::LogLevelUnknown),
        Ok(Filled::Text(_)) => {}
        Err(why) => checker.report(node, Provision::Unread { what: "log level", why }),
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
            checker.report(&included, Provision::LogContradicts);
        } else if !excluded.iter().any(|other| within(name, other) || within(other, name)) {
            checker.report(&included, Provision::LogUnrelated);
        }
    }
}
