//! An upstream that is every address.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C050", "unspecified-upstream"),
    severity: Severity::Warning,
    summary: "An upstream at `0.0.0.0` or `[::]`",
    page: "\
`0.0.0.0` and `[::]` are addresses to listen on, not addresses to connect to.

## Why

On Linux, a connection to them reaches the same machine; on other systems it fails. In a container they mean the
container itself, which is rarely where the upstream runs.

## Wrong

```caddyfile
example.com {
	reverse_proxy 0.0.0.0:8080
}
```

## Right

```caddyfile
example.com {
	reverse_proxy 127.0.0.1:8080
}
```

## When it is fine

Never: write the address that you mean.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for proxy in
        lint.walk().filter(|found| matches!(found.conduct().serves, Serves::Upstream | Serves::Program))
    {
        for upstream in proxy.upstreams() {
            let text = upstream.text.as_str();
            let host = text.split_once("://").map_or(text, |(_, rest)| rest);
            let Some((wrong, right)) =
                [("0.0.0.0", "127.0.0.1"), ("[::]", "[::1]")].into_iter().find(|(wrong, _)| {
                    host.strip_prefix(wrong).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
                })
            else {
                continue;
            };
            let mut finding = RULE
                .finding(lint, upstream, format!("`{wrong}` is an address to listen on, not to dial"))
                .help(format!("write `{right}`, or the name of the container or machine that is meant"));
            if lint.written(upstream) == text {
                finding = finding.edit(upstream.span, text.replacen(wrong, right, 1), false);
            }
            found.push(finding);
        }
    }
}
