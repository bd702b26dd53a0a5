//! The `host` matcher.

use std::collections::BTreeMap;

use crate::check::checker::Checker;
use crate::check::node::Node;
use crate::check::values::hostname;

/// No host may be listed twice, however it is written.
pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let mut seen = BTreeMap::new();
    for (i, host) in node.items().enumerate() {
        if let Some(first) = seen.insert(hostname::normal(host.text()), i) {
            let message = format!(
                "the host `{}` is listed twice in one matcher (as numbers {first} and {i})",
                host.text()
            );
            checker.refuse(&host, message, "remove one of them");
        }
    }
}

/// The first host that is listed twice, for matchers inside expressions.
pub(in crate::check) fn repeated<'h>(hosts: &[&'h str]) -> Option<&'h str> {
    let mut seen = std::collections::BTreeSet::new();
    hosts.iter().find(|host| !seen.insert(hostname::normal(host))).copied()
}
