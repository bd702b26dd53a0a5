//! `request_body max_size` where nothing reads the body.

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::lint::{Answer, Directive, Level, Levels, Lint, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    code: Code { id: "C020", name: "unread-body-limit" },
    severity: Severity::Note,
    summary: "`request_body max_size` where nothing reads the request's body",
    page: "\
The limit bites when somebody reads the body: a proxy, or PHP. `respond`, `redir` and `file_server` do not, and answer a body
of any size.

## Why

It reads like a protection of everything in the block.

## Wrong

```caddyfile
example.com {
	request_body {
		max_size 1MB
	}
	respond \"hello\"
}
```

## Right

```caddyfile
example.com {
	request_body {
		max_size 1MB
	}
	reverse_proxy localhost:8080
}
```

## When it is fine

When a proxy is to come.

See https://caddyserver.com/docs/caddyfile/directives/request_body
",
    check,
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = Levels::of(lint);
    for level in &levels.all {
        let limit = level
            .directives
            .iter()
            .find_map(|directive| directive.line("max_size").filter(|_| directive.is("request_body")));
        let Some(limit) = limit else { continue };
        if level.site.is_some() && !levels.is_read(level) {
            found.push(
                RULE.finding(lint, &limit.name, "this limit has no effect: nothing here reads the body")
                    .help("put it where a proxy is, or remove it"),
            );
        }
    }
}

impl Levels<'_> {
    /// Whether something in the level, or behind it, reads the request's body.
    fn is_read(&self, level: &Level) -> bool {
        let mut at = Some(level);
        while let Some(level) = at {
            let mut inside = level.directives.iter().flat_map(|directive| directive.walk());
            if inside.any(reads) {
                return true;
            }
            let goes_on = level.owner.is_none_or(|owner| Answer::of_block(&owner.block) != Answer::Always);
            at = level.outer.filter(|_| goes_on).and_then(|outer| self.all.get(outer));
        }
        false
    }
}

fn reads(directive: &Directive) -> bool {
    matches!(
        directive.name.text.as_str(),
        "reverse_proxy" | "php_fastcgi" | "invoke" | "forward_auth" | "templates"
    ) || directive.args.iter().any(|word| word.text.contains("{http.request.body"))
}
