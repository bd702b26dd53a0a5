//! A star in an input of `map`.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C025", "map-star"),
    severity: Severity::Warning,
    summary: "An input of `map` with a star, which matches only a literal star",
    page: "\
`map` compares its inputs literally: `/api/*` matches only the path `/api/*`, with a star in it. To match a pattern,
write a regular expression after `~`.

## Why

The line never matches, so every request gets the default.

## Wrong

```caddyfile
example.com {
	map {path} {backend} {
		/api/* localhost:9000
		default localhost:8080
	}
	reverse_proxy {backend}
}
```

## Right

```caddyfile
example.com {
	map {path} {backend} {
		~^/api/ localhost:9000
		default localhost:8080
	}
	reverse_proxy {backend}
}
```

## When it is fine

When the value contains a star, as in `Accept: */*`.

See https://caddyserver.com/docs/caddyfile/directives/map
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for line in lint.walk().filter(|found| found.is("map")).flat_map(|map| &map.block) {
        let input = line.name.text.as_str();
        let is_media_type = input.contains("/*") && !input.starts_with('/');
        if !input.contains('*') || input.starts_with('~') || is_media_type {
            continue;
        }
        let help = match input.split_once('*') {
            Some(("", "")) => "write `default` for all other values".to_owned(),
            Some((start, "")) => format!("write a regular expression: `~^{start}`"),
            _ => "write a regular expression after `~`".to_owned(),
        };
        let finding = RULE.finding(lint, line.name, format!("`{input}` matches only itself, star and all"));
        found.push(finding.help(help));
    }
}
