//! A site for `*`, which is not every site.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C024", "star-host"),
    severity: Severity::Warning,
    summary: "A site whose host is `*`, which matches only names with one label",
    page: "\
A star matches one label of a host name. A site for `*` matches `localhost`, but not `example.com`. To match all
hosts, leave the host out.

## Why

Requests for other names get an empty response with status 200, or the response of another site.

## Wrong

```caddyfile
http://* {
	respond \"any host\"
}
```

## Right

```caddyfile
http:// {
	respond \"any host\"
}
```

## When it is fine

When you mean only names without a dot.

See https://caddyserver.com/docs/caddyfile/concepts#addresses
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let keys = lint.sites.iter().flat_map(|site| site.keys);
    for key in keys.filter(|key| key.text.as_bytes().contains(&b'*')) {
        let Ok(address) = Address::parse(key) else { continue };
        if address.host != "*" {
            continue;
        }
        let every = match (address.scheme.as_str(), address.port.as_str()) {
            ("", "") => ":443".to_owned(),
            ("", port) => format!(":{port}"),
            (scheme, "") => format!("{scheme}://"),
            (scheme, port) => format!("{scheme}://:{port}"),
        };
        let mut finding = RULE
            .finding(lint, key, "a star is one label: this site takes `localhost`, and not `example.com`")
            .help(format!("write `{every}` for all hosts"));
        if lint.written(key) == key.text && address.path.is_empty() {
            finding = finding.edit(key.span, every, false);
        }
        found.push(finding);
    }
}
