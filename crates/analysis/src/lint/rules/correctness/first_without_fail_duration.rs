//! `lb_policy first` that never moves on.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C018", "first-without-fail-duration"),
    severity: Severity::Warning,
    summary: "`lb_policy first` with retries, but nothing that detects an upstream that is down",
    page: "\
`lb_policy first` selects the first upstream that is not marked as down. Without `fail_duration` or an active health
check, Caddy marks no upstream as down. Every retry then connects to the same upstream, and clients get a 502.

## Why

The setup is common for a standby upstream, but the standby is not used when the first upstream fails.

## Wrong

```caddyfile
example.com {
	reverse_proxy main:8080 spare:8080 {
		lb_policy first
		lb_retries 2
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy main:8080 spare:8080 {
		lb_policy first
		lb_retries 2
		fail_duration 10s
	}
}
```

## When it is fine

Never: without retries, the standby is not used either.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#passive-health-checks
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let directives = lint.walk();
    for proxy in directives.filter(|directive| directive.is("reverse_proxy")) {
        let has = |name: &str| proxy.line(name).is_some();
        let Some(policy) = proxy.line("lb_policy").and_then(|line| line.args.first()) else { continue };
        let retries = has("lb_retries") || has("lb_try_duration");
        let notices =
            has("fail_duration") || has("health_uri") || has("health_port") || has("health_upstream");
        if policy.text != "first" || !retries || notices {
            continue;
        }
        found.push(
            RULE.finding(lint, policy, "every retry goes to the same upstream, even if it is down")
                .help("add `fail_duration 10s` to skip a failed upstream for a while"),
        );
    }
}
