//! Proxies that have no upstream, or none that can be dialled.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C067", "upstream-address"),
    severity: Severity::Warning,
    summary: "A proxy without an upstream, or with one that cannot be reached, such as `localhost:8080/v1`",
    page: "\
The first word of `reverse_proxy` or `php_fastcgi` is a matcher if it begins with `/`. An upstream has a host and a port, and no path.

## Why

A proxy without upstreams answers 503 to the requests that it takes, and `php_fastcgi /run/php.sock` takes hardly any. An address that cannot be dialled gives 502.

## Wrong

```caddyfile
example.com {
	php_fastcgi /run/php/php-fpm.sock
}
```

## Right

```caddyfile
example.com {
	php_fastcgi unix//run/php/php-fpm.sock
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives/reverse_proxy#upstreams
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for directive in lint.walk().filter(|directive| directive.is_proxy()) {
        let upstreams = directive.upstreams();
        if upstreams.is_empty() && directive.line("dynamic").is_none() && !has_variable(lint, directive) {
            let place = directive.matcher().unwrap_or(directive.name);
            let finding = RULE.finding(lint, place, format!("`{}` has no upstream", directive.name.text));
            found.push(match directive.matcher() {
                Some(matcher) if matcher.text.ends_with(".sock") => {
                    finding.help(format!("a word with `/` is a matcher: write `unix/{}`", matcher.text))
                }
                Some(matcher) if matcher.text.starts_with("//") => finding.help(format!(
                    "a word with `/` is a matcher: write `{}`",
                    matcher.text.trim_start_matches('/')
                )),
                _ => finding.help("write the address of the upstream, such as `localhost:8080`"),
            });
        }
        for upstream in upstreams {
            let Some(why) = fault(upstream) else { continue };
            found.push(RULE.finding(lint, upstream, "this upstream cannot be reached").help(why));
        }
    }
}

/// Whether a variable may have stood on the line.
fn has_variable(lint: &Lint, directive: &Directive) -> bool {
    let place = lint.sources.position(directive.name.span);
    lint.sources.file(directive.name.span.file).line(place.line).contains("{$")
        || directive.block.iter().any(|line| line.is("to"))
}

/// Why an address cannot be dialled.
fn fault(upstream: &Word) -> Option<String> {
    let text = upstream.text.as_str();
    if text.contains('{') {
        return None;
    }
    if text.contains(',') {
        return Some("separate upstreams with spaces, without commas".to_owned());
    }
    if text.contains(' ') {
        return Some("leave out the quotes: each upstream is a separate word".to_owned());
    }
    if let Some(path) = text.strip_prefix("unix:") {
        return Some(format!("write `unix/{path}`"));
    }
    for scheme in ["http:", "https:"] {
        if let Some(rest) = text.strip_prefix(scheme).filter(|rest| !rest.starts_with('/')) {
            return Some(format!("write `{scheme}//{rest}`"));
        }
    }
    let is_network =
        ["unix/", "unix+", "tcp/", "udp/", "fd/", "fdgram/"].iter().any(|network| text.starts_with(network));
    let (host, path) = text.split_once('/')?;
    (!is_network && !text.contains("://") && !host.is_empty())
        .then(|| format!("write `{host}`, and change the path with `rewrite * /{path}{{uri}}`"))
}
