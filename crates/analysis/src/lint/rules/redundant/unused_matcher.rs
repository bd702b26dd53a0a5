//! A named matcher that nothing uses.

use std::collections::{HashMap, HashSet};

use crate::lint::{Check, Directive, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::Span;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R003", "unused-matcher"),
    severity: Severity::Warning,
    summary: "A named matcher that no directive uses",
    page: "\
A matcher is defined, but no directive uses it.

## Why

Usually the matcher is missing from a directive, which then runs for every request.

## Wrong

```caddyfile
example.com {
	@office remote_ip 192.0.2.0/24
	respond /admin/* 403
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	@outside {
		path /admin/*
		not remote_ip 192.0.2.0/24
	}
	respond @outside 403
	reverse_proxy localhost:8080
}
```

## When it is fine

When the matcher is in a snippet that several sites import. It counts as used if one of them uses it.

See https://caddyserver.com/docs/caddyfile/matchers#named-matchers
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    let mut uses = Uses::default();
    for site in lint.sites {
        uses.block(&site.directives);
    }
    for route in lint.named_routes {
        uses.block(&route.block);
    }
    let mut reported = HashSet::new();
    for definition in uses.definitions {
        let name = &definition.name;
        if uses.used.contains(&name.span) || !reported.insert(name.span) {
            continue;
        }
        let finding = RULE
            .finding(lint, name, format!("the matcher `{}` is never used", name.text))
            .help("write it after the directive that should use it, or remove it");
        // What an import filled in does not stand here.
        let whole = definition.args.last().filter(|_| definition.block.is_empty() && name.frame == 0);
        found.push(match whole {
            Some(last) if last.span.start > name.span.start => {
                // Mostly the use is missing, or misspelt: without the matcher it cannot be written any more.
                finding.edit(name.span.to(last.span), "", false)
            }
            _ => finding,
        });
    }
}

/// Definitions and what has been used, in one walk.
#[derive(Default)]
struct Uses<'a> {
    definitions: Vec<&'a Directive<'a>>,
    used: HashSet<Span>,
    /// The definitions that can be seen, innermost last.
    visible: HashMap<&'a str, Vec<Span>>,
}

impl<'a> Uses<'a> {
    fn block(&mut self, block: &'a [Directive<'a>]) {
        let definitions = || block.iter().filter(|directive| directive.is_definition());
        for definition in definitions() {
            self.definitions.push(definition);
            self.visible.entry(definition.name.text.as_str()).or_default().push(definition.name.span);
        }
        for directive in block.iter().filter(|directive| !directive.is_definition()) {
            // In the block of a plugin a line may begin with one.
            let words = std::iter::once(directive.name).chain(directive.args);
            for word in words.filter(|word| word.text.as_bytes().first() == Some(&b'@')) {
                self.used.extend(self.visible.get(word.text.as_str()).and_then(|spans| spans.last()));
            }
            self.block(&directive.block);
        }
        for definition in definitions() {
            if let Some(spans) = self.visible.get_mut(definition.name.text.as_str()) {
                spans.pop();
            }
        }
    }
}
