//! The `map` handler.

use std::collections::BTreeSet;

use crate::check::checker::Checker;
use crate::check::node::Node;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let destinations = node.at("destinations");
    for destination in destinations.items() {
        let text = destination.text();
        let inside = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        if !inside.is_some_and(|name| !name.is_empty() && !name.contains(['{', '}'])) {
            let message = format!("the destination `{text}` is not a single placeholder");
            checker.refuse(&destination, message, "such as `{my_value}`");
        }
    }
    let (wanted, defaults) = (destinations.count(), node.at("defaults"));
    if defaults.count() > 0 && defaults.count() != wanted {
        let message = format!("the map has {wanted} destinations and {} defaults", defaults.count());
        checker.refuse(&defaults, message, "give one default for each destination");
    }
    let mut seen = BTreeSet::new();
    for mapping in node.at("mappings").items() {
        self::mapping(&mapping, wanted, checker);
        let (input, pattern) = (mapping.at("input").text(), mapping.at("input_regexp").text());
        let key = if pattern.is_empty() { (false, input) } else { (true, pattern) };
        if !seen.insert(key) {
            let message = format!("the map has the input `{}` twice", key.1);
            checker.refuse(&mapping, (message, [key.1]), "keep one of the two lines");
        }
    }
}

fn mapping(mapping: &Node, wanted: usize, checker: &mut Checker) {
    let (input, pattern, outputs) = (mapping.at("input"), mapping.at("input_regexp"), mapping.at("outputs"));
    checker.regexp(&pattern, pattern.text());
    if !input.text().is_empty() && !pattern.text().is_empty() {
        checker.refuse(
            mapping,
            "the mapping has both an input and a regular expression",
            "keep one of the two",
        );
    }
    if outputs.count() != wanted {
        let message = format!("the map has {wanted} destinations and this line {} outputs", outputs.count());
        checker.refuse(mapping, message, "give one output for each destination; `-` leaves one out");
    }
}
