//! `/api*`, which also matches `/apixyz`.

use crate::lint::{Check, Directive, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Serves;
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C006", "prefix-without-boundary"),
    severity: Severity::Note,
    summary: "A path such as `/api*`, which also matches `/apixyz`",
    page: "\
`/api*` matches every path that starts with `/api`: `/api` and `/api/users`, but also `/apidocs` and `/api.old`.

This rule applies only with `--preset strict`, or if `--select` names it.

## Why

Usually only the path and everything below it is meant. A request for another route or page whose name starts with the
same letters then goes to the wrong upstream, or is not covered by the right login.

## Wrong

```caddyfile
example.com {
	reverse_proxy /api* localhost:8080
}
```

## Right

```caddyfile
example.com {
	@api path /api /api/*
	reverse_proxy @api localhost:8080
}
```

## When it is fine

When no other path of the site starts with these letters, or when you really mean the prefix. Prefixes that
the upstream is named after, such as `/radarr*` for `radarr:7878`, and those below `/.well-known/` are not reported.

See https://caddyserver.com/docs/caddyfile/matchers#path-matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let routes = level.directives.iter().filter(|directive| {
            let hands_on = matches!(directive.conduct().serves, Serves::Upstream | Serves::Program);
            let is_block = directive.is_route() && !directive.is("handle_path");
            hands_on || is_block || directive.is_guard()
        });
        for directive in routes {
            let paths = level.condition(directive).paths();
            let meant = |path: &&&Word| !is_upstream(&path.text, directive);
            let mut here = Vec::new();
            for path in paths.iter().filter(meant) {
                check_path(lint, path, &paths, &mut here);
            }
            // One finding for each line: the others are the same again.
            let mut here = here.into_iter();
            let Some(first) = here.next() else { continue };
            let others = here.filter_map(|other| other.primary);
            found.push(others.fold(first, |first, other| first.also(other.span, "the same")));
        }
    }
}

/// Whether a prefix is the vendor's own pattern: a well-known address, or the name of the upstream, as in
/// `reverse_proxy /radarr* radarr:7878`.
fn is_upstream(path: &str, directive: &Directive) -> bool {
    let prefix = path.trim_end_matches('*');
    let name = prefix.rsplit('/').next().unwrap_or_default().to_lowercase();
    let names_it = |upstream: &Word| !name.is_empty() && upstream.text.to_lowercase().contains(&name);
    prefix.starts_with("/.well-known/")
        || directive
            .walk()
            .filter(|found| found.is_proxy())
            .any(|proxy| proxy.upstreams().into_iter().any(names_it))
}

fn check_path(lint: &Lint, path: &Word, all: &[&Word], found: &mut Vec<Diagnostic>) {
    let Some(prefix) = pattern::prefix(&path.text).filter(|prefix| prefix.starts_with('/')) else { return };
    let segment = prefix.rsplit('/').next().unwrap_or_default();
    // After `.` or `-` the name of a file goes on.
    if !prefix.ends_with(|c: char| c.is_ascii_alphanumeric()) || segment.contains('.') {
        return;
    }
    // An example made of the value of a variable would show a piece of it.
    if lint.may_hold_variable(path) {
        let message = format!("`{}` also matches longer names that begin with it", lint.written(path));
        let finding = RULE.finding(lint, path, message);
        found.push(
            finding
                .help("let the path end with `/*` for what is below it, and add it without `*` for itself"),
        );
        return;
    }
    let example = format!("{prefix}xyz");
    let finding = RULE.finding(lint, path, format!("`{}` also matches `{example}`", path.text));
    let finding =
        finding.help(format!("write `{prefix}/*` for what is below it, and `{prefix}` too for itself"));
    found.push(if all.len() > 1 || lint.written(path) != path.text {
        finding
    } else {
        finding.edit(path.span, format!("{prefix}/*"), false)
    });
}
