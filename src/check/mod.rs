//! What `caddy validate` finds only when it provisions a configuration, found without Caddy.
//!
//! The work is done on the compiled JSON, so it also serves configurations that were written as JSON. What cannot be
//! known from the configuration alone (files, environment, storage) comes from [`Facts`]; without them such faults are
//! listed as notes. Rules are measured on Caddy 2.11.7.

mod apps;
mod checker;
mod disk;
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
mod tls;
mod unset;
mod values;
mod words;

pub use disk::{Disk, User};
pub use facts::Facts;
pub use finding::Finding;
pub use unset::name_unset_first;
pub use words::diagnostics;

use checker::Checker;
use node::Node;

/// Every fault of `config` that Caddy would find when it provisions it, in the order of the document.
///
/// With `facts`, what depends on the machine is checked too; without, it is listed as notes. Findings of severity
/// `Error` make Caddy refuse the configuration; others do not.
pub fn check(config: &serde_json::Value, facts: Option<&dyn Facts>) -> Vec<Finding> {
    let mut checker = Checker::new(config, facts);
    let root = Node::root(config);
    apps::admin::check(&root.at("admin"), &mut checker);
    apps::logging::check(&root.at("logging"), &mut checker);
    checker.module("caddy.storage", "module", &root.at("storage"));
    for (name, app) in root.at("apps").fields() {
        checker.module_named("", name, &app);
    }
    checker.finish()
}
