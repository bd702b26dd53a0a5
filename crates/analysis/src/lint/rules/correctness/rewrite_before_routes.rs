//! A rewrite that takes requests away from the routes next to it.

use crate::lint::{Answer, Check, Condition, Directive, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C005", "rewrite-before-routes"),
    severity: Severity::Warning,
    summary: "A `try_files` or `rewrite` for every request, in a block with routes that match by path",
    page: "\
`rewrite` and `try_files` run before `handle`, `route`, `respond` and `reverse_proxy` of the same block, wherever you
write them. A path that was rewritten to `/index.html` no longer matches `/api/*`.

## Why

A single-page application needs `try_files {path} /index.html`. Because no file has the path `/api/users`, that
request is rewritten to `/index.html` too, and the client gets HTML with status 200 instead of the API's response.

## Wrong

```caddyfile
example.com {
	root /srv/www
	try_files {path} /index.html
	reverse_proxy /api/* localhost:8080
	file_server
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	handle /api/* {
		reverse_proxy localhost:8080
	}
	handle {
		try_files {path} /index.html
		file_server
	}
}
```

## When it is fine

When every path of the routes exists as a file, or when the routes are meant to see the rewritten path.

See https://caddyserver.com/docs/caddyfile/patterns#single-page-apps-spas
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        check_level(lint, level, found);
    }
}

/// Where a directive sends every request that finds no file; `None` if that depends on the request.
fn target<'a>(directive: &Directive<'a>) -> Option<&'a str> {
    let last = match directive.name.text.as_str() {
        "try_files" => directive.args.last()?,
        "rewrite" if directive.args.len() == 1 => directive.args.first()?,
        "rewrite" => directive.values().first()?,
        _ => return None,
    };
    let path = last.text.split('?').next()?;
    (path.starts_with('/') && !path.contains('{')).then_some(path)
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let runs = level.runs();
    let rewrite = runs.iter().enumerate().find_map(|(at, (directive, condition))| {
        Some((at, *directive, target(directive).filter(|_| condition.is_every())?))
    });
    let Some((at, rewrite, target)) = rewrite else { return };
    // Where no files are served, `try_files` mostly finds none, and rewrites nothing.
    let serves =
        |directive: &Directive| matches!(directive.conduct().serves, Serves::Files | Serves::Program);
    if rewrite.is("try_files") && !level.directives.iter().any(|directive| serves(directive)) {
        return;
    }
    let mut eaten = runs[at..]
        .iter()
        .filter(|(other, condition)| other.answer > Answer::Never && is_eaten(*condition, target));
    let Some((first, condition)) = eaten.next() else { return };
    let more = eaten.count();
    let path = condition.paths().first().map_or("", |path| path.text.as_str());
    let others = match more {
        0 => String::new(),
        1 => ", nor does one other".to_owned(),
        more => format!(", nor do {more} others"),
    };
    let finding = RULE
        .finding(
            lint,
            rewrite.name,
            format!(
                "`{}` runs before `{} {path}`, which does not match `{target}`{others}",
                rewrite.name.text, first.name.text
            ),
        )
        .label(format!("requests for `{path}` become `{target}` here"))
        .also(first.name.span, "no longer matches then");
    let together = if rewrite.is("try_files") { " together with its `file_server`" } else { "" };
    found.push(finding.help(format!(
        "put `{}`{together} into a `handle` without matcher, and each route into a `handle` with its path",
        rewrite.name.text
    )));
}

/// Whether a request of this condition no longer has it after it became `target`.
fn is_eaten(condition: Condition, target: &str) -> bool {
    let paths = condition.paths();
    !paths.is_empty()
        && paths.iter().all(|path| {
            (pattern::is_literal(&path.text) || pattern::prefix(&path.text).is_some())
                && !pattern::covers(&path.text, target)
                // A path with a file name in it is meant for a file that exists.
                && !path.text.rsplit('/').next().is_some_and(|last| last.contains('.'))
        })
}
