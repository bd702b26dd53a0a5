//! The `map` handler.

use std::collections::BTreeSet;

use crate::check::checker::{Checker, Checks};
use crate::check::finding::Provision;
use crate::check::node::Node;

/// What these modules check when they are provisioned.
pub(in crate::check) const CHECKS: Checks = &[("http.handlers.map", check)];

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let destinations = node.at("destinations");
    for destination in destinations.items() {
        let text = destination.text();
        let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if !inside.is_some_and(|name| !name.is_empty() && !name.contains(['{', '}'])) {
            checker.report(&destination, Provision::MapDestination);
        }
    }
    let (wanted, defaults) = (destinations.count(), node.at("defaults"));
    if defaults.count() > 0 && defaults.count() != wanted {
        checker
            .report(&defaults, Provision::MapDefaults { destinations: wanted, defaults: defaults.count() });
    }
    let mut seen = BTreeSet::new();
    for mapping in node.at("mappings").items() {
        self::mapping(&mapping, wanted, checker);
        let (input, pattern) = (mapping.at("input").text(), mapping.at("input_regexp").text());
        let key = if pattern.is_empty() { (false, input) } else { (true, pattern) };
        if !seen.insert(key) {
            checker.report(&mapping, Provision::MapInputTwice { input: key.1.to_owned() });
        }
    }
}

fn mapping(mapping: &Node, wanted: usize, checker: &mut Checker) {
    let (input, pattern, outputs) = (mapping.at("input"), mapping.at("input_regexp"), mapping.at("outputs"));
    checker.regexp(&pattern, pattern.text());
    if !input.text().is_empty() && !pattern.text().is_empty() {
        checker.report(mapping, Provision::MapInputs);
    }
    if outputs.count() != wanted {
        checker.report(mapping, Provision::MapOutputs { destinations: wanted, outputs: outputs.count() });
    }
}
