//! `handle` and `uri strip_prefix`, which are `handle_path`.

use crate::lint::{Check, Directive, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::Span;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("X002", "handle-and-strip"),
    severity: Severity::Note,
    summary: "A `handle` with a path that `uri strip_prefix` removes inside it",
    page: "\
`handle_path` does both: it matches the requests below a path and removes that path.

## Why

You write the path only once, so the two cannot differ.

## Wrong

```caddyfile
example.com {
	handle /api/* {
		uri strip_prefix /api
		reverse_proxy localhost:9000
	}
}
```

## Right

```caddyfile
example.com {
	handle_path /api/* {
		reverse_proxy localhost:9000
	}
}
```

## When it is fine

When a directive in the block must see the whole path first.

See https://caddyserver.com/docs/caddyfile/directives/handle_path
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for handle in lint.walk().filter(|found| found.is("handle")) {
        check_handle(lint, handle, found);
    }
}

fn check_handle(lint: &Lint, handle: &Directive, found: &mut Vec<Diagnostic>) {
    let [path] = handle.args else { return };
    let Some(prefix) = pattern::prefix(&path.text).filter(|prefix| prefix.ends_with('/')) else { return };
    let Some(strip) = handle.line("uri") else { return };
    let [operation, stripped] = strip.args else { return };
    let place = |name: &str| lint.directive_order.iter().position(|known| *known == name);
    // What runs before `uri` sees the whole path, and would not with `handle_path`.
    let is_behind = |other: &Directive| other.is("uri") || place(&other.name.text) > place("uri");
    let is_one = handle.block.iter().filter(|other| other.is("uri")).count() == 1;
    if operation.text != "strip_prefix"
        || stripped.text != prefix.trim_end_matches('/')
        || !is_one
        || !handle.block.iter().all(is_behind)
    {
        return;
    }
    let mut finding = RULE
        .finding(
            lint,
            strip.name,
            format!("`handle_path {}` takes `{}` away by itself", path.text, stripped.text),
        )
        .help(format!("write `handle_path {}`, and leave this line out", path.text));
    let (first, last) = (strip.name.span, stripped.span);
    if lint.written(handle.name) == "handle" && first.file == last.file && first.file == handle.name.span.file
    {
        let line = Span { end: last.end, ..first };
        finding = finding.edit(handle.name.span, "handle_path", true).edit(line, "", true);
    }
    found.push(finding);
}
