//! Matchers that match no request.

use crate::lint::{Check, Lint, Rule, Test};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C060", "matcher-never-matches"),
    severity: Severity::Warning,
    summary: "A matcher that matches no request, such as `path api` or `host a.com:8080`",
    page: "\
The matcher is valid, and no request matches it. Negated with `not`, it matches every request.

## Why

A path begins with `/`, a host has no scheme, port or final dot, methods are in capitals, and the items of a list are separated by spaces. The directive with this matcher never runs, or, if it is a guard with `not`, always.

## Wrong

```caddyfile
example.com {
	@api path api/*
	reverse_proxy @api localhost:8080
}
```

## Right

```caddyfile
example.com {
	@api path /api/*
	reverse_proxy @api localhost:8080
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/matchers
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.walk() {
        if directive.is_definition() {
            for test in Test::of(directive) {
                check_test(lint, test.kind, test.args, false, found);
                // A block of `not` has one test on each line.
                for line in test.block.iter().filter(|_| test.kind == "not") {
                    check_test(lint, &line.name.text, line.args, true, found);
                }
            }
        } else if directive.declared.is_some()
            && let Some(path) = directive.matcher().filter(|word| word.text.starts_with('/'))
            && let Some(why) = of_path(path)
        {
            report(lint, path, "path", why, false, found);
        }
    }
}

fn check_test(lint: &Lint, kind: &str, args: &[Word], negated: bool, found: &mut Vec<Diagnostic>) {
    if let ("not", [inner, rest @ ..]) = (kind, args) {
        return check_test(lint, &inner.text, rest, !negated, found);
    }
    let pairs: Vec<(&Word, &'static str)> = match kind {
        "path" => args.iter().filter_map(|word| Some((word, of_path(word)?))).collect(),
        "host" => args.iter().filter_map(|word| Some((word, of_host(word)?))).collect(),
        "method" => args.iter().filter_map(|word| Some((word, of_method(word)?))).collect(),
        "protocol" => args.iter().filter_map(|word| Some((word, of_protocol(word)?))).collect(),
        "query" => args.iter().filter_map(|word| Some((word, of_query(word)?))).collect(),
        "path_regexp" => {
            let pattern = args.last().filter(|word| word.text.contains("{http."));
            pattern
                .map(|word| (word, "placeholders are not replaced in a regular expression"))
                .into_iter()
                .collect()
        }
        _ => return,
    };
    for (word, why) in pairs {
        report(lint, word, kind, why, negated, found);
    }
}

fn report(lint: &Lint, word: &Word, kind: &str, why: &str, negated: bool, found: &mut Vec<Diagnostic>) {
    let what = if negated { "every request" } else { "no request" };
    let shown = if lint.may_hold_variable(word) { lint.written(word) } else { &word.text };
    let which = if negated { format!("not {kind}") } else { kind.to_owned() };
    found.push(RULE.finding(lint, word, format!("`{which} {shown}` matches {what}")).help(why));
}

/// Why no path matches; `None` if one may.
fn of_path(word: &Word) -> Option<&'static str> {
    let text = word.text.as_str();
    Some(match text {
        "" => return None,
        _ if text.contains("://") => "write the path alone, without scheme and host",
        _ if text.starts_with('^') => "this is not a regular expression: use `path_regexp`",
        _ if !text.starts_with(['/', '*', '{']) => "a path begins with `/`",
        _ if text.ends_with(',') || text.contains(",/") => "separate paths with spaces, without commas",
        _ if text.ends_with(';') => "leave out the semicolon",
        _ if text.ends_with('$') || text.contains("(.*)") || text.contains("(.+)") => {
            "this is not a regular expression: use `path_regexp`"
        }
        _ if text.contains('#') => "the part behind `#` stays in the browser, and is never sent",
        _ if text.contains('?') && text.contains('=') => "the query is not part of the path: use `query`",
        _ => return None,
    })
}

fn of_host(word: &Word) -> Option<&'static str> {
    let text = word.text.as_str();
    let port = text.rsplit_once(':').filter(|(host, port)| {
        !host.contains(':') && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    Some(match text {
        _ if text.contains("://") => "write the host alone, without a scheme",
        "not" | "starts_with" | "ends_with" => "`host` takes names; for everything else use `expression`",
        _ if text.starts_with("not_") => "`host` takes names; for everything else use `expression`",
        _ if text.ends_with([',', ';']) => "separate hosts with spaces, without commas or semicolons",
        _ if text.contains('{') => return None,
        _ if text.contains('/') => "write the host alone, without a path",
        _ if port.is_some() => "write the host alone, without a port",
        _ if text.ends_with('.') => "leave out the final dot",
        _ => return None,
    })
}

fn of_method(word: &Word) -> Option<&'static str> {
    let text = word.text.as_str();
    Some(match text {
        _ if text.contains('{') => return None,
        _ if text.contains(',') => "separate methods with spaces, without commas",
        _ => return None,
    })
}

fn of_protocol(word: &Word) -> Option<&'static str> {
    let text = word.text.as_str();
    let version = text.strip_suffix('+').unwrap_or(text);
    let known = ["grpc", "http", "https", "http/1.0", "http/1.1", "http/2", "http/3"];
    (!known.contains(&version) && !text.contains('{'))
        .then_some("the protocols are `http`, `https`, `grpc` and `http/2`, `http/3` and so on")
}

fn of_query(word: &Word) -> Option<&'static str> {
    let text = word.text.as_str();
    Some(match text {
        _ if text.starts_with('?') => "leave out the `?`",
        _ if text.split_once('=').is_some_and(|(_, value)| value.contains('&') && value.contains('=')) => {
            "write each parameter as a separate word, without `&`"
        }
        _ => return None,
    })
}
