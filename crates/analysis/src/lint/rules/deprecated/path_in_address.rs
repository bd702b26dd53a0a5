//! A path in the address of a site.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D002", "path-in-address"),
    severity: Severity::Warning,
    summary: "A path in the address of a site",
    page: "\
A path in a site address is syntax of Caddy 1.

## Why

The path is exact: `example.com/api` matches `/api` but not the paths below it. Such a site shares its host with other
sites, and it is hard to see which of them answers a request.

## Wrong

```caddyfile
example.com/api/* {
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	handle /api/* {
		respond \"hello\"
	}
}
```

## When it is fine

Never in a new file.

See https://caddyserver.com/docs/caddyfile/concepts
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let keys = lint.sites.iter().flat_map(|site| site.keys);
    for key in keys.filter(|key| key.text.as_bytes().contains(&b'/')) {
        let Some(path) = Address::parse(key).ok().map(|address| address.path).filter(|path| !path.is_empty())
        else {
            continue;
        };
        found.push(
            RULE.finding(lint, key, "a path in a site address is deprecated")
                .help(format!("leave the path out, and put the directives into `handle {path}`")),
        );
    }
}
