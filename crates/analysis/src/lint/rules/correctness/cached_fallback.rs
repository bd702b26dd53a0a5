//! A page that is cached in place of a missing file.

use crate::lint::field::Field;
use crate::lint::{Check, Condition, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C065", "cached-fallback"),
    severity: Severity::Warning,
    summary: "A long `Cache-Control` by path next to `try_files`, which answers missing files with a page",
    page: "\
The header is chosen by the path: by an extension, or by a folder such as `/assets/*`. If the file is missing, `try_files` serves its last file with the same header.

## Why

After a deploy a browser asks for an old `app-1234.js`, gets the HTML of the index, and keeps it for a year. The site stays broken in this browser until its cache is cleared.

## Wrong

```caddyfile
example.com {
	root /srv/www
	@assets path *.js *.css
	header @assets Cache-Control \"public, max-age=31536000, immutable\"
	try_files {path} /index.html
	file_server
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	@assets {
		file
		path *.js *.css
	}
	header @assets Cache-Control \"public, max-age=31536000, immutable\"
	try_files {path} /index.html
	file_server
}
```

## When it is fine

When every file that pages have ever named is kept.

See https://caddyserver.com/docs/caddyfile/directives/try_files
",
    check: Check::Each(check),
};

/// A cache time of this many seconds, a week, outlives most deploys.
const LONG: u64 = 604_800;

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let fallback = level.directives.iter().find(|directive| {
            directive.is("try_files")
                && level.condition(directive).is_every()
                && directive.args.last().is_some_and(|last| last.text.ends_with(".html"))
        });
        let Some(fallback) = fallback else { continue };
        for directive in level.directives.iter().filter(|directive| directive.is("header")) {
            if !is_by_path(level.condition(directive)) {
                continue;
            }
            let field = Field::all(directive).find(|field| field.is("Cache-Control"));
            let Some(value) = field.and_then(|field| field.value()).filter(|value| is_long(&value.text))
            else {
                continue;
            };
            found.push(
                RULE.finding(
                    lint,
                    value,
                    "a missing file gets this header too, with the page of `try_files`",
                )
                .also(fallback.name.span, "answers missing files")
                .help("add `file` to the matcher, so that it matches only files that exist"),
            );
        }
    }
}

fn is_long(value: &str) -> bool {
    let age = value.split([',', ' ']).find_map(|part| part.strip_prefix("max-age=")?.parse::<u64>().ok());
    age.is_some_and(|age| age >= LONG)
}

/// Whether a condition looks at the path of many files, and not at whether the file exists.
fn is_by_path(condition: Condition) -> bool {
    let tests = condition.tests();
    let by_path = |test: &crate::lint::Test| match test.kind {
        "path" => test.args.iter().any(|path| names_many(&path.text)),
        "path_regexp" => test.args.last().is_some_and(|pattern| pattern.text.contains("\\.")),
        _ => false,
    };
    !tests.iter().any(|test| matches!(test.kind, "file" | "expression" | "not"))
        && (tests.iter().any(by_path) || matches!(condition, Condition::Path(path) if names_many(&path.text)))
}

/// Whether the pattern is an extension, or a folder with all that it holds.
fn names_many(pattern: &str) -> bool {
    pattern.starts_with("*.") || (pattern.len() > 3 && pattern.ends_with("/*"))
}
