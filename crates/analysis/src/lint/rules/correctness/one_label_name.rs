//! Names for which no public authority gives a certificate.

use crate::lint::{Check, Rule, Site, Whole};
use caddyctl_language::compile::Address;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C075", "one-label-name"),
    severity: Severity::Warning,
    summary: "A site named by one label, such as `draw`, next to public sites",
    page: "\
No public certificate authority gives a certificate for a name without a dot. Caddy uses its own authority for it, which browsers do not trust.

## Why

Next to `*.example.com`, `draw` is mostly meant as `draw.example.com`.

## Wrong

```caddyfile
*.example.com {
	respond \"all\"
}

draw {
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
*.example.com {
	respond \"all\"
}

draw.example.com {
	reverse_proxy localhost:8080
}
```

## When it is fine

For a name of the local network: write `tls internal`, or `http://draw`.

See https://caddyserver.com/docs/automatic-https#hostname-requirements
",
    check: Check::Whole(check),
};

fn check(lint: &Whole, found: &mut Vec<Diagnostic>) {
    if lint.option("local_certs").is_some()
        || lint.option("auto_https").is_some()
        || lint.option("cert_issuer").is_some()
    {
        return;
    }
    let is_public = |address: &Address| {
        let host = address.host.as_str();
        let last = host.rsplit('.').next().unwrap_or_default();
        let internal =
            ["local", "localhost", "internal", "lan", "home", "arpa", "test", "example", "invalid"];
        host.contains('.')
            && address.scheme != "http"
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !internal.contains(&last)
    };
    let Some(public) = lint.sites.iter().flat_map(|site| &site.addresses).find(|address| is_public(address))
    else {
        return;
    };
    let domain = public.host.trim_start_matches("*.").to_owned();
    for site in lint.sites.iter().filter(|site| !has_tls(site)) {
        for key in site.keys {
            let Ok(address) = Address::parse(key) else { continue };
            let host = address.host.as_str();
            let is_name =
                !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if !is_name || host == "localhost" || address.scheme == "http" || address.port == "80" {
                continue;
            }
            found.push(
                RULE.finding(lint, key, format!("no public authority gives a certificate for `{host}`"))
                    .help(format!("write the whole name, such as `{host}.{domain}`, or add `tls internal`")),
            );
        }
    }
}

fn has_tls(site: &Site) -> bool {
    site.directives.iter().any(|directive| directive.is("tls"))
}
