//! Listings that show hidden files.

use crate::lint::{Check, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S048", "browse-dotfiles"),
    severity: Severity::Note,
    summary: "A `file_server browse` at the root of a site that does not hide dotfiles",
    page: "\
The directory listing of the site's root shows files such as `.env` and `.git`, and `file_server` serves them.

## Why

Caddy does not treat names that start with a dot as hidden. The listing links to whatever a deployment leaves in the
folder, such as `.git` or the backup file of an editor.

## Wrong

```caddyfile
example.com {
	root /srv/files
	file_server browse
}
```

## Right

```caddyfile
example.com {
	root /srv/files
	file_server {
		browse
		hide .*
	}
}
```

## When it is fine

When the folder never contains hidden files, or when they are public.

See https://caddyserver.com/docs/caddyfile/directives/file_server
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for server in lint.sites.iter().filter(|site| !site.is_local()).flat_map(|site| &site.directives) {
        if !server.is("file_server") || server.matcher().is_some_and(|matcher| matcher.text != "*") {
            continue;
        }
        let own = server.values().iter().find(|word| word.text == "browse");
        let Some(browse) = own.or_else(|| server.line("browse").map(|line| line.name)) else { continue };
        let mut hides = server.block.iter().filter(|line| line.is("hide"));
        if !hides
            .any(|line| line.args.iter().any(|name| name.text.starts_with('.') || name.text.contains("/.")))
        {
            found.push(
                RULE.finding(
                    lint,
                    browse,
                    "the listing shows hidden files such as `.env` and `.git`, and serves them",
                )
                .help("add `hide .*` to the block of `file_server`"),
            );
        }
    }
}
