//! The host, matched as a header field.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C027", "host-as-header"),
    severity: Severity::Note,
    summary: "A `header Host` in a matcher, which also compares the port",
    page: "\
`header Host name` compares with the field as the client sent it, including the port and upper-case letters.
`host name` compares only the name and ignores case.

## Why

`example.com:8443` and `Example.com` are requests for the same host, but the matcher rejects them.

## Wrong

```caddyfile
:8443 {
	@www header Host www.example.com
	redir @www https://example.com{uri}
	respond \"hello\"
}
```

## Right

```caddyfile
:8443 {
	@www host www.example.com
	redir @www https://example.com{uri}
	respond \"hello\"
}
```

## When it is fine

When you want to compare the port too.

See https://caddyserver.com/docs/caddyfile/matchers#host
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for definition in lint.walk().filter(|found| found.is_definition()) {
        for test in Test::of(definition).iter().filter(|test| test.kind == "header") {
            let [field, value] = test.args else { continue };
            if !field.text.eq_ignore_ascii_case("host") || value.text.contains(':') {
                continue;
            }
            let mut finding = RULE
                .finding(lint, field, "the field `Host` has the client's port and case in it")
                .help(format!("write `host {}`", value.text));
            if lint.written(test.word) == "header" {
                finding = finding.edit(test.word.span, "host", false).edit(field.span, "", false);
            }
            found.push(finding);
        }
    }
}
