//! Templates that run in what a client sent.

use crate::lint::{Check, Directive, Lint, Rule, Walk};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S009", "templates-echo"),
    severity: Severity::Warning,
    summary: "`templates` over a `respond` that repeats what the client sent",
    page: "\
`templates` runs the actions in every response of its type. If `respond` repeats a header, the path or the query of the request, the client writes these actions.

## Why

A client that sends `{{env \"SECRET\"}}` gets the value of the variable. Other actions read files of the root and send requests from the server.

## Wrong

```caddyfile
example.com {
	templates
	respond \"hello {header.X-Name}\"
}
```

## Right

```caddyfile
example.com {
	respond \"hello {header.X-Name}\"
}
```

In a template, `{{.Req.Header.Get \"X-Name\"}}` writes the header and does not run it.

## When it is fine

When a matcher or a server in front lets only fixed values through.

See https://caddyserver.com/docs/caddyfile/directives/templates
",
    check: Check::Each(check),
};

/// What the client decides.
const SENT: &[&str] = &[
    "{http.request.header.",
    "{http.request.cookie.",
    "{http.request.uri",
    "{http.request.orig_uri",
    "{http.request.body",
    "{http.request.host",
    "{http.regexp.",
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let named = lint.named_routes.iter().map(|route| route.block.as_slice());
    for directives in lint.sites.iter().map(|site| site.directives.as_slice()).chain(named) {
        look(lint, directives, found);
    }
}

/// Looks through the directives of a block, and through the blocks in it that are routes of their own.
fn look<'a>(lint: &Lint<'a>, directives: &[Directive<'a>], found: &mut Vec<Diagnostic>) {
    let mut levels = vec![directives];
    while let Some(level) = levels.pop() {
        let Some(templates) = level.iter().find(|directive| directive.is("templates")) else {
            levels.extend(
                level
                    .iter()
                    .filter(|directive| directive.is_route() || directive.is("handle_errors"))
                    .map(|directive| directive.block.as_slice()),
            );
            continue;
        };
        for outer in level {
            if outer.is("handle_errors") {
                levels.push(&outer.block);
                continue;
            }
            let is_apart = |directive: &Directive| {
                let both = templates.matcher().zip(directive.matcher());
                both.is_some_and(|(a, b)| a.text != b.text)
            };
            if is_apart(outer) {
                levels.push(&outer.block);
                continue;
            }
            for respond in
                Walk::through(std::slice::from_ref(outer)).filter(|directive| directive.is("respond"))
            {
                let in_block = respond.line("body").map(|line| line.args).unwrap_or_default();
                let is_sent = |word: &&caddyctl_language::syntax::Word| {
                    SENT.iter().any(|sent| word.text.contains(sent))
                };
                let Some(word) = respond.values().iter().chain(in_block).find(is_sent) else { continue };
                found.push(
                    RULE.finding(lint, word, "`templates` runs what the client sends here")
                        .also(templates.name.span, "runs the response as a template")
                        .help("let `templates` run for other paths only, or write the value with an action such as `{{.Req.Header.Get \"X-Name\"}}`"),
                );
            }
        }
    }
}
