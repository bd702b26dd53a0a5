//! PHP for one folder, next to a file server for all.

use crate::lint::{Check, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S004", "php-source"),
    severity: Severity::Warning,
    summary: "A `php_fastcgi` with a matcher, and a `file_server` that serves other `.php` files as text",
    page: "\
`php_fastcgi /app/*` runs only the PHP files below that path. A `file_server` in the same site serves every other
`.php` file as text: clients see its source, which may contain passwords.

## Why

Without a matcher, `php_fastcgi` handles every path that ends in `.php`.

## Wrong

```caddyfile
example.com {
	root /srv/www
	php_fastcgi /app/* unix//run/php/php-fpm.sock
	file_server
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	php_fastcgi unix//run/php/php-fpm.sock
	file_server
}
```

You can also write `hide *.php` in the block of `file_server`.

## When it is fine

When no other folder contains PHP files.

See https://caddyserver.com/docs/caddyfile/directives/php_fastcgi
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let php: Vec<_> = level.directives.iter().filter(|directive| directive.is("php_fastcgi")).collect();
    let Some(first) = php.first() else { return };
    // Another one for everything, or a rule about `.php`, takes the rest.
    let guarded = level.directives.iter().any(|directive| {
        let condition = level.condition(directive);
        (directive.is("php_fastcgi") && condition.is_every())
            || condition.paths().iter().any(|path| path.text.ends_with(".php"))
            || directive
                .line("hide")
                .is_some_and(|line| line.args.iter().any(|word| word.text.contains(".php")))
    });
    let files = level
        .directives
        .iter()
        .find(|directive| directive.is("file_server") && level.condition(directive).is_every());
    let (Some(files), Some(matcher)) = (files.filter(|_| !guarded), first.matcher()) else { return };
    if level.condition(first).paths().is_empty() {
        return;
    }
    found.push(
        RULE.finding(
            lint,
            files.name,
            format!("`.php` files outside `{}` are served as source", matcher.text),
        )
        .also(first.name.span, "runs PHP for this matcher only")
        .help("leave the matcher of `php_fastcgi` out, or write `hide *.php` in the block of `file_server`"),
    );
}
