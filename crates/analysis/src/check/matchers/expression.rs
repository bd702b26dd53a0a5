//! The `expression` matcher.

use crate::check::checker::Checker;
use crate::check::expression;
use crate::check::node::Node;
use caddyctl_language::diagnostics::Code;

pub(in crate::check) fn check(node: &Node, checker: &mut Checker) {
    let text = node.view().as_text().unwrap_or_else(|| node.at("expr").text());
    if let Err(fault) = expression::check(text) {
        let message = format!("Caddy does not accept the expression `{text}`: {fault}");
        let word = fault.word.as_deref().unwrap_or_default();
        checker.error(node, Code::EXPRESSION, (message, [word]), fault.help.unwrap_or_default());
    }
}
