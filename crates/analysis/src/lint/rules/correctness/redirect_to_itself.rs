//! A redirect that leads to where it came from.

use std::collections::HashMap;

use crate::lint::{Check, Condition, Directive, Level, Lint, Rule, Site, pattern};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C009", "redirect-to-itself"),
    severity: Severity::Warning,
    summary: "A redirect whose target the same line redirects again",
    page: "\
The target of this `redir` is a request that the same `redir` redirects again. Browsers stop after a number of
redirects and show an error.

## Why

Usually two hosts share a site block, but only one of them should be redirected to the other.

## Wrong

```caddyfile
example.com, www.example.com {
	redir https://example.com{uri}
}
```

## Right

```caddyfile
www.example.com {
	redir https://example.com{uri}
}

example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

When another server in front of Caddy answers the second request.

See https://caddyserver.com/docs/caddyfile/patterns#redirect-www-subdomain
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    for level in &levels.all {
        // Around it only paths may decide, and they are looked at by the redirect's own.
        if levels.conditions(level).any(|condition| !condition.is_every()) || level.handles_errors {
            continue;
        }
        let mut redirects = level.directives.iter().filter(|directive| directive.is("redir")).peekable();
        let Some(site) = level.site.filter(|_| redirects.peek().is_some()) else { continue };
        let served = Served::by(site);
        for directive in redirects {
            check_redirect(lint, level, &served, directive, found);
        }
    }
}

/// The addresses of a site, by host.
struct Served<'a> {
    by_host: HashMap<&'a str, Vec<&'a Address>>,
}

impl<'a> Served<'a> {
    fn by(site: &'a Site) -> Self {
        let mut by_host: HashMap<&str, Vec<&Address>> = HashMap::new();
        for address in &site.addresses {
            by_host.entry(&address.host).or_default().push(address);
        }
        Self { by_host }
    }

    /// The address that serves this scheme and host.
    fn find(&self, scheme: &str, host: &str) -> Option<&Address> {
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, port),
            _ => (host, ""),
        };
        if matches!(name, "{host}" | "{http.request.host}") {
            return self.by_host.values().flatten().copied().find(|address| serves(address, scheme, port));
        }
        self.by_host
            .get(name.to_lowercase().as_str())?
            .iter()
            .copied()
            .find(|address| serves(address, scheme, port))
    }
}

fn check_redirect<'a>(
    lint: &Lint,
    level: &Level<'a>,
    served: &Served,
    directive: &'a Directive<'a>,
    found: &mut Vec<Diagnostic>,
) {
    let Some(target) = directive.values().first() else { return };
    if directive.values().get(1).is_some_and(|code| code.text == "401") {
        return;
    }
    let (host, path) = split(&target.text);
    let returns = match host {
        None => Some("every request".to_owned()),
        Some((scheme, host)) => served.find(scheme, host).map(|address| {
            if host.starts_with('{') { "this host".to_owned() } else { format!("`{}`", address.host) }
        }),
    };
    let Some(who) = returns.filter(|_| takes(level.condition(directive), path)) else { return };
    found.push(
        RULE.finding(lint, target, "this redirect leads back to itself")
            .label(match host {
                None => "matches the redirect again".to_owned(),
                Some(_) => format!("this site answers for {who} itself"),
            })
            .help(match host {
                None => "leave the target's path out of the matcher",
                Some((_, "{host}" | "{http.request.host}")) => {
                    "give the redirect a matcher that its target does not have"
                }
                Some(_) => "give the redirect a separate site, with the other hosts only",
            }),
    );
}

/// The scheme and host of a target, if it has them, and its path.
fn split(target: &str) -> (Option<(&str, &str)>, &str) {
    let Some((scheme, rest)) = target.split_once("://") else { return (None, target) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    // `{host}{uri}`: the path begins with the second placeholder.
    let end = rest[..end].match_indices('{').map(|(at, _)| at).find(|at| *at > 0).unwrap_or(end);
    (Some((scheme, &rest[..end])), &rest[end..])
}

/// Whether an address serves this scheme and port.
fn serves(address: &Address, scheme: &str, port: &str) -> bool {
    let is_http = address.scheme == "http" || address.port == "80";
    // Where the port is not usual, what a target without one means depends on who forwards to Caddy.
    let same_port = match (port, address.port.as_str()) {
        ("", port) => matches!(port, "" | "80" | "443"),
        (port, "") => port == if is_http { "80" } else { "443" },
        (a, b) => a == b,
    };
    let same_scheme = (scheme == "http" && is_http) || (scheme == "https" && !is_http);
    same_scheme && same_port && address.path.is_empty()
}

/// Whether the condition holds for a request of `path`, too.
fn takes(condition: Condition, path: &str) -> bool {
    if condition.is_every() {
        // A target that is no path is not understood.
        return path.is_empty()
            || path.starts_with('/')
            || matches!(path, "{uri}" | "{http.request.uri}" | "{path}" | "{http.request.uri.path}");
    }
    let path = path.split('?').next().unwrap_or(path);
    condition.is_paths()
        && path.starts_with('/')
        && pattern::is_literal(path)
        && condition.paths().iter().any(|pattern| pattern::covers(&pattern.text, path))
}
