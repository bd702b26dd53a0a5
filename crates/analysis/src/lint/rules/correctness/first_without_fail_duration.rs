//! `lb_policy first` that never moves on.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C018", "first-without-fail-duration"),
    severity: Severity::Warning,
    summary: "`lb_policy first` with retries, and nothing that notices a dead upstream",
    page: "\
`first` takes the first upstream that is not known to be down. Without `fail_duration` or an active health check nothing is
ever known, so every retry dials the same dead upstream, and clients get a 502.

## Why

It is the usual set-up for a spare upstream, and fails just when the spare is needed.

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

Never: without retries the spare is not used either.

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
