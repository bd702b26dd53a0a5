//! `request_body max_size` where nothing reads the body.

use crate::lint::{Answer, Check, Directive, Levels, Lint, Rule, of_block};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C020", "unread-body-limit"),
    severity: Severity::Note,
    summary: "A `request_body max_size` where nothing reads the request body",
    page: "\
The limit applies only when a directive reads the body, such as `reverse_proxy` or `php_fastcgi`. `respond`, `redir`
and `file_server` do not read it, so they answer a request with a body of any size.

## Why

The line looks as if it limits every request of the block.

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

When you plan to add a proxy to the block.

See https://caddyserver.com/docs/caddyfile/directives/request_body
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    let read = levels.read();
    for (level, read) in levels.all.iter().zip(read) {
        let mut limits = level.directives.iter().filter(|directive| directive.is("request_body"));
        let Some(limit) = limits.find_map(|directive| directive.line("max_size")) else { continue };
        if level.site.is_some() && !read {
            found.push(
                RULE.finding(lint, limit.name, "this limit has no effect: nothing here reads the body")
                    .help("put it where a proxy is, or remove it"),
            );
        }
    }
}

impl Levels<'_> {
    /// For each level, whether something in it, or behind it, reads the request's body.
    fn read(&self) -> Vec<bool> {
        let mut read: Vec<bool> =
            self.all.iter().map(|level| level.directives.iter().any(|directive| reads(directive))).collect();
        // Each level stands before those inside it.
        for (at, level) in self.all.iter().enumerate().rev() {
            if let Some(outer) = level.outer.filter(|_| read[at]) {
                read[outer] = true;
            }
        }
        for (at, level) in self.all.iter().enumerate() {
            let answers = level.owner.is_some_and(|owner| of_block(&owner.block) == Answer::Always);
            if let Some(outer) = level.outer.filter(|_| !answers) {
                read[at] |= read[outer];
            }
        }
        read
    }
}

fn reads(directive: &Directive) -> bool {
    directive.conduct().reads_body
        || directive.args.iter().any(|word| word.text.contains("{http.request.body"))
}
