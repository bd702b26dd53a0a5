//! A site for `*`, which is not every site.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C024", "star-host"),
    severity: Severity::Warning,
    summary: "a site whose host is `*` takes only names of one label",
    page: "\
A star matches one label. A site for `*` takes `localhost`, and not `example.com`; who wants all hosts leaves the host
out.

## Why

Requests for every real name get an empty 200 from no site at all, or another site's answer.

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

When only names without a dot are meant.

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
