//! Settings that a later line replaces.

use std::collections::HashMap;

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C071", "set-twice"),
    severity: Severity::Warning,
    summary: "A setting that is given twice, of which the last counts",
    page: "\
The second line replaces the first without a word. For a block, such as `transport http`, all lines of the first block are lost.

## Why

With `client_auth`, a second block takes the first login by certificate away.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		transport http {
			dial_timeout 3s
		}
		transport http {
			read_timeout 30s
		}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		transport http {
			dial_timeout 3s
			read_timeout 30s
		}
	}
}
```

## When it is fine

When the first line comes from a snippet, and the second one changes it on purpose.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy
",
    check: Check::Each(check),
};

/// Subdirectives of which the last counts, by the directive (measured on Caddy 2.11.7, one by one).
const LAST_COUNTS: &[(&str, &[&str])] = &[
    ("encode", &["minimum_length"]),
    ("file_server", &["browse", "index", "root", "status"]),
    ("php_fastcgi", &["index", "root", "split", "try_files"]),
    ("request_body", &["max_size"]),
    ("reverse_proxy", PROXY),
    ("templates", &["between", "mime", "root"]),
    ("tls", &["alpn", "ca", "client_auth", "key_type", "protocols"]),
];

const PROXY: &[&str] = &[
    "dynamic",
    "fail_duration",
    "flush_interval",
    "health_body",
    "health_interval",
    "health_port",
    "health_status",
    "health_timeout",
    "health_uri",
    "lb_retries",
    "lb_try_duration",
    "lb_try_interval",
    "max_fails",
    "method",
    "rewrite",
    "transport",
    "unhealthy_latency",
    "unhealthy_request_count",
];

/// Global options of which the last counts.
const OPTIONS: &[&str] = &[
    "acme_ca",
    "acme_ca_root",
    "admin",
    "auto_https",
    "cert_lifetime",
    "default_sni",
    "email",
    "grace_period",
    "http_port",
    "https_port",
    "key_type",
    "on_demand_tls",
    "shutdown_delay",
    "storage",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    repeated(lint, lint.options, OPTIONS, found);
    for (name, lines) in LAST_COUNTS {
        for directive in lint.named(name) {
            repeated(lint, &directive.block, lines, found);
        }
    }
}

/// Reports the lines of `block` among `names` that a later one replaces.
fn repeated(lint: &Lint, block: &[Directive], names: &[&str], found: &mut Vec<Diagnostic>) {
    let mut last: HashMap<&str, &Word> = HashMap::new();
    for line in block.iter().rev() {
        let name = line.name.text.as_str();
        if !names.contains(&name) {
            continue;
        }
        let Some(later) = last.insert(name, line.name) else { continue };
        // What a snippet sets may be changed below its import.
        if line.name.frame != later.frame {
            continue;
        }
        let finding = RULE
            .finding(lint, line.name, format!("a later `{name}` replaces this one"))
            .also(later.span, "this one counts");
        found.push(if name == "client_auth" {
            finding.help("put both into one block: now only the second decides which clients are let in")
        } else {
            finding.help("remove one of them, or put the lines of both into one block")
        });
    }
}
