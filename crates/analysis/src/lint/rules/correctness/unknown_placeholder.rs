//! Placeholders that nobody replaces.

use std::collections::HashSet;

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C061", "unknown-placeholder"),
    severity: Severity::Warning,
    summary: "A placeholder that Caddy does not replace, such as `{remote_addr}` or `$host`",
    page: "\
Caddy does not know this placeholder, and passes its text on as it is written.

## Why

The upstream gets the text `{remote_addr}` as the address of the client. `try_files $uri $uri/ /index.html`, as nginx has it, finds no file named `$uri`, and serves the index for every path.
A function behind a placeholder, as in `{query}.replace('?','&')`, is text too.

## Wrong

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Real-IP {remote_addr}
	}
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080 {
		header_up X-Real-IP {remote_host}
	}
}
```

## When it is fine

When a plugin replaces it.

See https://caddyserver.com/docs/conventions#placeholders
",
    check: Check::Each(check),
};

/// Directives and subdirectives whose values are replaced for each request.
const REPLACED: &[&str] = &[
    "header",
    "header_down",
    "header_up",
    "redir",
    "request_header",
    "reverse_proxy",
    "rewrite",
    "root",
    "try_files",
];

/// Variables of nginx, and the placeholder for each.
const NGINX: &[(&str, &str)] = &[
    ("$args", "{query}"),
    ("$host", "{host}"),
    ("$http_host", "{hostport}"),
    ("$proxy_add_x_forwarded_for", ""),
    ("$query_string", "{query}"),
    ("$remote_addr", "{remote_host}"),
    ("$remote_port", "{remote_port}"),
    ("$request_uri", "{uri}"),
    ("$scheme", "{scheme}"),
    ("$server_name", "{host}"),
    ("$uri", "{path}"),
];

/// The same without `$`, as somebody writes them for Caddy.
const GUESSED: &[(&str, &str)] = &[
    ("client_addr", "{client_ip}"),
    ("http_host", "{hostport}"),
    ("proxy_add_x_forwarded_for", ""),
    ("real_ip", "{client_ip}"),
    ("remote_addr", "{remote_host}"),
    ("remote_ip", "{remote_host}"),
    ("request_uri", "{uri}"),
    ("server_name", "{host}"),
];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    // What `map` and `vars` define.
    let defined: HashSet<&str> = lint
        .named("map")
        .flat_map(Directive::values)
        .map(|word| word.text.trim_matches(['{', '}']))
        .collect();
    for name in REPLACED {
        for directive in lint.named(name) {
            let lines = directive.block.iter().filter(|_| matches!(*name, "header" | "request_header"));
            for word in directive.values().iter().chain(lines.flat_map(|line| line.args)) {
                check_word(lint, word, &defined, found);
            }
        }
    }
}

fn check_word(lint: &Lint, word: &Word, defined: &HashSet<&str>, found: &mut Vec<Diagnostic>) {
    if lint.may_hold_variable(word) && !word.text.contains('{') && !word.text.starts_with('$') {
        return;
    }
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    for (name, now) in NGINX {
        if word.text.strip_prefix(name).is_some_and(is_end) {
            found.push(report(
                lint,
                word,
                name,
                now,
                "is a variable of nginx, and Caddy does not replace it",
            ));
            return;
        }
    }
    let mut rest = word.text.as_str();
    while let Some((_, inner)) = rest.split_once('{') {
        let Some((name, behind)) = inner.split_once('}') else { return };
        rest = behind;
        if let Some(function) = function(behind) {
            let message =
                format!("`.{function}(…)` behind a placeholder is text: Caddy calls no functions here");
            found.push(
                RULE.finding(lint, word, message).help(
                    "use a matcher with a regular expression, or the directive `map`, to change a value",
                ),
            );
            return;
        }
        let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && !name.is_empty();
        if !is_plain || defined.contains(name) {
            continue;
        }
        let Some((_, now)) = GUESSED.iter().find(|(guess, _)| *guess == name) else { continue };
        found.push(report(
            lint,
            word,
            &format!("{{{name}}}"),
            now,
            "is not a placeholder, and Caddy does not replace it",
        ));
        return;
    }
}

/// The name of a function that is called on what comes before: `.replace('?','&')`.
fn function(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('.')?.split_once('(')?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    Some(name).filter(|name| is_name && !name.is_empty())
}

fn report(lint: &Lint, word: &Word, name: &str, now: &str, what: &str) -> Diagnostic {
    let finding = RULE.finding(lint, word, format!("`{name}` {what}"));
    if now.is_empty() {
        return finding.help("remove the line: `reverse_proxy` sends `X-Forwarded-For` by itself");
    }
    finding.help(format!("write `{now}`"))
}
