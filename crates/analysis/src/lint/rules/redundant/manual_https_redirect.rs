//! A redirect from HTTP to HTTPS that Caddy makes by itself.

use std::collections::HashSet;

use crate::lint::{Check, Condition, Level, Rule, Site, Whole};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("R002", "manual-https-redirect"),
    severity: Severity::Note,
    summary: "A redirect from HTTP to HTTPS, which Caddy does automatically",
    page: "\
Caddy redirects HTTP to HTTPS for every site that it serves over HTTPS. A site `http://…` with a `redir` to
`https://…` repeats this. A `redir` for `protocol http` in an HTTPS site never gets a request.

## Why

Other servers need such a redirect; Caddy does not. The block can be deleted.

## Wrong

```caddyfile
http://example.com {
	redir https://example.com{uri} permanent
}

example.com {
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

For another status than 308, for an HTTPS port that clients see under another number, or with `auto_https off`.

See https://caddyserver.com/docs/automatic-https
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    if lint.has_auto_https("off") || lint.has_auto_https("disable_redirects") {
        return;
    }
    let https: HashSet<&str> = lint
        .sites
        .iter()
        .flat_map(|site| &site.addresses)
        .filter(|address| is_https(address) && matches!(address.port.as_str(), "" | "443"))
        .map(|address| address.host.as_str())
        .collect();
    let redirects = |site: &&Site| site.directives.iter().any(|directive| directive.is("redir"));
    for site in lint.sites.iter().filter(redirects) {
        let level = Level::of_site(site, lint);
        if site.addresses.iter().all(is_http) {
            check_http(lint, &level, site, &https, found);
        } else if site.addresses.iter().all(is_https) {
            check_https(lint, &level, found);
        }
    }
}

fn is_http(address: &Address) -> bool {
    address.scheme == "http" && matches!(address.port.as_str(), "" | "80") || address.port == "80"
}

/// Whether a name is served with a certificate. `localhost` too, addresses without host only on port 443.
fn is_https(address: &Address) -> bool {
    address.scheme != "http" && address.port != "80" && (!address.host.is_empty() || address.port == "443")
}

/// A site for HTTP that only redirects.
fn check_http(lint: &Whole, level: &Level, site: &Site, https: &HashSet<&str>, found: &mut Vec<Diagnostic>) {
    let [(redirect, condition)] = level.runs() else { return };
    let Some(target) = redirect.values().first() else { return };
    let rest = target.text.strip_prefix("https://").and_then(|rest| rest.strip_suffix("{http.request.uri}"));
    let Some(host) = rest.filter(|_| redirect.is("redir") && condition.is_every()) else {
        return;
    };
    let is_same = host == "{http.request.host}"
        || site.addresses.iter().all(|address| address.host.eq_ignore_ascii_case(host));
    let known = site.addresses.iter().all(|address| {
        let wildcard = address.host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
        // One site with HTTPS makes the HTTP port redirect every host.
        if address.host.is_empty() {
            return !https.is_empty();
        }
        https.contains(address.host.as_str())
            || wildcard.is_some_and(|wildcard| https.contains(wildcard.as_str()))
    });
    let Some(key) = site.keys.first().filter(|_| is_same && known && !https.is_empty()) else { return };
    found.push(
        RULE.finding(lint, key, "Caddy redirects HTTP to HTTPS by itself")
            .also(redirect.name.span, "repeats it")
            .help("remove this site"),
    );
}

/// A redirect for plain HTTP in a site that has none.
fn check_https(lint: &Whole, level: &Level, found: &mut Vec<Diagnostic>) {
    for redirect in level.directives.iter().filter(|directive| directive.is("redir")) {
        let Condition::Named(_) = level.condition(redirect) else { continue };
        let tests = level.condition(redirect).tests();
        let [test] = tests.as_slice() else { continue };
        if test.kind != "protocol" || !matches!(test.args, [only] if only.text == "http") {
            continue;
        }
        found.push(
            RULE.finding(lint, redirect.name, "this redirect never runs: the site is served over HTTPS only")
                .also(test.word.span, "holds for no request here")
                .help("remove it and its matcher: Caddy redirects HTTP to HTTPS by itself"),
        );
    }
}
