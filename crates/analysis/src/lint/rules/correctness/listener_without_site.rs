//! Settings for a listener that no site has.

use std::collections::HashSet;

use crate::lint::{Check, Rule, Whole};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C070", "listener-without-site"),
    severity: Severity::Warning,
    summary: "`servers :8443` where no site listens there, and a port in `bind`",
    page: "\
The options of `servers :8443` apply only to sites on port 8443. `bind` takes addresses without a port: the port is that of the address of the site.

## Why

Proxies are not trusted, or limits not set, although the file says so. `bind 0.0.0.0:80` listens on port 443.

## Wrong

```caddyfile
{
	servers :8443 {
		trusted_proxies static 10.0.0.0/8
		trusted_proxies_strict
	}
}

example.com {
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
{
	servers :443 {
		trusted_proxies static 10.0.0.0/8
		trusted_proxies_strict
	}
}

example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

When the sites of that port are in a file that is not here.

See https://caddyserver.com/docs/caddyfile/options#server-options
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    for bind in lint.walk().filter(|directive| directive.is("bind")) {
        for address in bind.args {
            let Some((host, port)) = address.text.rsplit_once(':') else { continue };
            let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            if !is_port || host.contains('/') || (host.contains(':') && !host.ends_with(']')) {
                continue;
            }
            found.push(
                RULE.finding(lint, address, format!("`bind` ignores the port {port}")).help(format!(
                    "write the port into the address of the site, such as `example.com:{port}`"
                )),
            );
        }
    }
    if lint.lacks_import || lint.sites.is_empty() {
        return;
    }
    let port = |name: &str, default: &str| {
        let option = lint.option(name).and_then(|option| option.args.first());
        option.map_or(default.to_owned(), |word| word.text.to_string())
    };
    let (http, https) = (port("http_port", "80"), port("https_port", "443"));
    let mut ports: HashSet<String> = HashSet::new();
    for address in lint.sites.iter().flat_map(|site| &site.addresses) {
        if address.port.contains('{') {
            return;
        }
        let is_plain =
            address.scheme == "http" || (!address.port.is_empty() && address.port == http.as_str());
        ports.insert(match address.port.as_str() {
            "" if is_plain => http.clone(),
            "" => https.clone(),
            port => port.to_owned(),
        });
        // Caddy redirects from the HTTP port by itself.
        ports.insert(http.clone());
    }
    for servers in lint.options.iter().filter(|option| option.is("servers")) {
        let Some(address) = servers.args.first() else { continue };
        let Some((_, port)) = address.text.rsplit_once(':') else { continue };
        if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) || ports.contains(port) {
            continue;
        }
        found.push(
            RULE.finding(
                lint,
                address,
                format!("no site listens on port {port}, so these options have no effect"),
            )
            .help("write the port of the sites, or leave the address out for all of them"),
        );
    }
}
