//! A block in which nothing answers.

use crate::lint::{Answer, Check, Directive, Level, Levels, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C022", "nothing-answers"),
    severity: Severity::Warning,
    summary: "A site or `handle` whose directives never answer",
    page: "\
No directive in the block answers requests. Clients get status 200 and an empty page, not a 404.

## Why

`root`, `try_files`, `encode`, `header` and `rewrite` only prepare a response. `file_server`, `reverse_proxy`,
`php_fastcgi`, `respond` or `redir` write it, and the block has none of them.

## Wrong

```caddyfile
example.com {
	root /srv/www
	try_files {path} /index.html
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	try_files {path} /index.html
	file_server
}
```

## When it is fine

When you want the empty response: write `respond 200` to make it explicit.

See https://caddyserver.com/docs/caddyfile/directives/file_server
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    let alone = levels.alone();
    for (level, alone) in levels.all.iter().zip(alone) {
        let runs = level.runs();
        let Some((last, _)) = runs.last().filter(|_| !level.handles_errors) else { continue };
        if runs.iter().any(|(directive, _)| directive.answer > Answer::Never) || !alone {
            continue;
        }
        let place = match (level.owner, level.site) {
            (None, Some(site)) => site.keys.first(),
            (Some(owner), Some(_)) if is_route(level) => Some(owner.name),
            _ => None,
        };
        // A block whose own block does not answer has been reported, or will be.
        let is_inner = runs.iter().any(|(directive, _)| directive.is_route());
        let Some(place) = place.filter(|_| !is_inner) else { continue };
        let what = level.owner.map_or("site".to_owned(), |owner| format!("`{}`", owner.name.text));
        let serves_files =
            runs.iter().any(|(directive, _)| matches!(directive.name.text.as_str(), "root" | "try_files"));
        found.push(
            RULE.finding(lint, place, format!("nothing in this {what} answers: clients get an empty 200"))
                .also(last.name.span, "runs last, and answers nothing")
                .help(if serves_files {
                    "add `file_server` if files are to be served"
                } else {
                    "add what answers: `reverse_proxy`, `file_server` or `respond`"
                }),
        );
    }
}

fn is_route(level: &Level) -> bool {
    level.owner.is_some_and(Directive::is_route)
}

impl Levels<'_> {
    /// For each level, whether nothing outside answers what it leaves.
    fn alone(&self) -> Vec<bool> {
        // Directives that answer next to a block, other than the blocks of which only one runs.
        let answers_next_to_it = |level: &Level| {
            level
                .directives
                .iter()
                .any(|directive| !directive.is_branch() && directive.answer > Answer::Never)
        };
        let next_to_it: Vec<bool> = self.all.iter().map(answers_next_to_it).collect();
        let mut alone: Vec<bool> = Vec::with_capacity(self.all.len());
        for level in &self.all {
            let outer = level.outer.is_none_or(|at| alone[at] && !next_to_it[at]);
            alone.push(outer && level.owner.is_none_or(|owner| !owner.is("handle_response")));
        }
        alone
    }
}
