//! A `header` block that one line postpones as a whole.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::spec::Raises;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C013", "deferred-header-block"),
    severity: Severity::Warning,
    summary: "A `-Field` in a `header` block, which removes the other fields of the block from error pages",
    page: "\
A line that deletes a field (`-Server`) or waits for the response (`>Field`) defers the whole `header` block until the
response is written. Error responses do not get deferred fields: neither the 404 of `file_server` nor a page of
`handle_errors`.

## Why

Security headers are often in one block with `-Server`. `Strict-Transport-Security` and the others are then missing
from error pages (measured with Caddy 2.11.7).

## Wrong

```caddyfile
example.com {
	header {
		Strict-Transport-Security max-age=31536000
		-Server
	}
	file_server
}
```

## Right

```caddyfile
example.com {
	header Strict-Transport-Security max-age=31536000
	header -Server
	file_server
}
```

## When it is fine

When all responses, including errors, come from an upstream, and the block must replace the upstream's own fields.

See https://caddyserver.com/docs/caddyfile/directives/header
",
    check: Check::Each(check),
};

/// Fields that should be sent with every answer.
const EVERYWHERE: &[&str] = &[
    "access-control-allow-origin",
    "content-security-policy",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for site in lint.sites {
        // Where all answers come from upstreams, only their failures are errors.
        let raises = |directive: &&Directive| {
            directive.conduct().raises == Raises::Often || directive.is("handle_errors")
        };
        let severity = || {
            if site.walk().any(|directive| raises(&directive)) { Severity::Warning } else { Severity::Note }
        };
        for directive in site.walk().filter(|directive| directive.is("header")) {
            check_block(lint, directive, severity, found);
        }
    }
    for directive in
        lint.named_routes.iter().flat_map(Directive::walk).filter(|directive| directive.is("header"))
    {
        check_block(lint, directive, || Severity::Warning, found);
    }
}

fn check_block(
    lint: &Lint,
    directive: &Directive,
    severity: impl FnOnce() -> Severity,
    found: &mut Vec<Diagnostic>,
) {
    let postpones = |line: &&Directive| line.name.text.starts_with(['-', '>']);
    let postponing: Vec<_> = directive.block.iter().filter(postpones).collect();
    let Some(first) = postponing.first() else { return };
    // `defer` says that it is meant, and `match` looks at answers only.
    if directive.line("defer").is_some() || directive.line("match").is_some() {
        return;
    }
    let plain = |line: &&Directive| {
        let name = line.name.text.trim_end_matches(':');
        EVERYWHERE.iter().any(|field| field.eq_ignore_ascii_case(name))
    };
    let Some(missing) = directive.block.iter().find(plain) else { return };
    let field = missing.name.text.trim_end_matches(':');
    let finding = RULE
        .finding(
            lint,
            first.name,
            format!("`{}` keeps the whole block, including `{field}`, from error pages", first.name.text),
        )
        .also(missing.name.span, "not sent with an error")
        .help(format!("write it as a separate line: `header {}`", line(lint, directive, first)));
    let finding = finding.with_severity(severity());
    found.push(moved_out(lint, directive, &postponing, finding));
}

/// The line `header …` that does what `field` does inside the block.
fn line(lint: &Lint, header: &Directive, field: &Directive) -> String {
    let words = header.matcher().into_iter().chain([field.name]).chain(field.args);
    words.map(|word| lint.written(word)).collect::<Vec<_>>().join(" ")
}

/// The finding with edits that put the postponing lines above the block.
fn moved_out(lint: &Lint, header: &Directive, lines: &[&Directive], finding: Diagnostic) -> Diagnostic {
    let file = lint.sources.file(header.name.span.file);
    let written = lint.sources.position(header.name.span);
    let indent: String = file.line(written.line).chars().take_while(|c| c.is_whitespace()).collect();
    let mut above = String::new();
    for field in lines {
        above += &format!("header {}\n{indent}", line(lint, header, field));
    }
    let mut finding = finding.edit(header.name.span, format!("{above}header"), false);
    for field in lines {
        let end = field.args.last().map_or(field.name.span, |last| last.span);
        finding = finding.edit(field.name.span.to(end), "", false);
    }
    finding
}
