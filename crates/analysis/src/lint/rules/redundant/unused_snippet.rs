//! A snippet that nothing imports.

use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R004", "unused-snippet"),
    severity: Severity::Note,
    summary: "A snippet that no `import` uses",
    page: "\
A snippet is defined, but never imported. It has no effect, and its content is not checked.

## Why

For example, security headers in the snippet are not sent.

## Wrong

```caddyfile
(security) {
	header Strict-Transport-Security max-age=31536000
}

example.com {
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
(security) {
	header Strict-Transport-Security max-age=31536000
}

example.com {
	import security
	reverse_proxy localhost:8080
}
```

## When it is fine

When the file is imported by other files that use the snippet. Snippets in imported files are not reported. Nor are
snippets where a pattern such as `import sites/*` matches no file.

See https://caddyserver.com/docs/caddyfile/concepts#snippets
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    let Some((main, _)) = lint.sources.iter().next() else { return };
    // A file of snippets alone is meant to be imported, and what an import should have brought may import them.
    if lint.sites.is_empty() || lint.lacks_import {
        return;
    }
    for snippet in lint.snippets.iter().filter(|snippet| snippet.uses == 0 && snippet.key.span.file == main) {
        let name = snippet.key.text.trim_start_matches('(').trim_end_matches(')');
        found.push(
            RULE.finding(lint, &snippet.key, format!("the snippet `{name}` is never imported"))
                .help(format!("write `import {name}` where it belongs, or remove it")),
        );
    }
}
