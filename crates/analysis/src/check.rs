//! What `caddy validate` finds only when it provisions a configuration, found without Caddy.
//!
//! The work is done on what the Caddyfile compiles to, so it also serves configurations that were written as JSON. What
//! cannot be known from the configuration alone (files, environment, storage) comes from [`Facts`]; without them such faults are
//! listed as notes. Rules are measured on Caddy 2.11.7.

mod apps;
mod checker;
pub mod expression;
mod facts;
mod finding;
mod handlers;
mod http;
mod logs;
mod matchers;
mod modules;
mod node;
mod placeholders;
pub mod regexp;
mod word_index;
mod tls;
mod unset;
pub(crate) mod values;
mod view;
mod words;

pub use facts::Facts;
pub use finding::Finding;
pub use unset::name_unset_first;
pub use words::diagnostics;

use checker::Checker;
use node::Node;
use view::View;

use caddyctl_language::compile::Compilation;
use caddyctl_language::config::{Document, Value, settings};
use caddyctl_language::diagnostics::{Diagnostic, Severity};
use caddyctl_language::lower::Registry;

/// What is found in a compilation, as diagnostics in the order of the document. Of a text that does not compile, what
/// could be made of it is checked for further errors, so that one run shows the faults of both kinds.
pub fn of(compilation: &Compilation, facts: Option<&dyn Facts>) -> Vec<Diagnostic> {
    let Some(config) = compilation.checkable() else { return Vec::new() };
    let settings = settings(config);
    let view = View::Value(&settings);
    let checker = Checker::new(view, Some(config), facts, modules::find).knowing(&compilation.directives);
    let mut findings = walk(checker, view);
    if !compilation.is_ok() {
        findings.retain(|finding| {
            finding.severity() == Severity::Error && compilation.is_whole(&finding.pointer)
        });
    }
    diagnostics(&findings, compilation)
}

/// Every fault of `config` that Caddy would find when it provisions it, in the order of the document.
///
/// With `facts`, what depends on the machine is checked too; without, it is listed as notes. Findings of severity
/// `Error` make Caddy refuse the configuration; others do not.
pub fn check(config: &Document, facts: Option<&dyn Facts>) -> Vec<Finding> {
    let settings = settings(config);
    walk(Checker::new(View::Value(&settings), Some(config), facts, modules::find), View::Value(&settings))
}

/// The same for a configuration that was written as JSON.
pub fn check_json(config: &serde_json::Value, facts: Option<&dyn Facts>) -> Vec<Finding> {
    let config = Value::from(config);
    walk(Checker::new(View::Value(&config), None, facts, modules::find), View::Value(&config))
}

/// The same where words of a Caddyfile make the modules of `known` too.
pub fn check_json_with(
    known: &Registry,
    config: &serde_json::Value,
    facts: Option<&dyn Facts>,
) -> Vec<Finding> {
    let config = Value::from(config);
    let checker = Checker::new(View::Value(&config), None, facts, modules::find).knowing(known);
    walk(checker, View::Value(&config))
}

fn walk<'a>(mut checker: Checker<'a>, config: View<'a>) -> Vec<Finding> {
    let root = Node::root(config);
    apps::admin::check(&root.at("admin"), &mut checker);
    apps::logging::check(&root.at("logging"), &mut checker);
    checker.module("caddy.storage", "module", &root.at("storage"));
    for (name, app) in root.at("apps").fields() {
        checker.module_named("", name, &app);
    }
    checker.finish()
}
