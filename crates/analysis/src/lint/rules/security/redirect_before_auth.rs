//! A redirect that is given to anybody, before a login.

use super::rewrite_before_auth::{MOST, is_auth};
use crate::lint::{Check, Level, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S002", "redirect-before-auth"),
    severity: Severity::Note,
    summary: "A `redir` below a path that needs a login, sent to everybody",
    page: "\
`redir` runs before `basic_auth` and `forward_auth`, wherever you write it. Everybody gets its target, even if the
path needs a login.

## Why

A target can contain a secret: an internal host name, a token, a signed link.

## Wrong

```caddyfile
example.com {
	basic_auth /members/* {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	redir /members/chat https://chat.example.net/invite/k3y
	file_server
}
```

## Right

```caddyfile
example.com {
	route /members/* {
		basic_auth {
			bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
		}
		redir /members/chat https://chat.example.net/invite/k3y
	}
	file_server
}
```

## When it is fine

When the target is not secret. Targets on the same site are not reported.

See https://caddyserver.com/docs/caddyfile/directives#directive-order
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in lint.levels.all.iter().filter(|level| !level.keeps_order()) {
        check_level(lint, level, found);
    }
}

fn check_level(lint: &Lint, level: &Level, found: &mut Vec<Diagnostic>) {
    let runs = level.runs();
    let Some(first) = runs.iter().position(|(directive, _)| is_auth(directive)) else { return };
    let auths = runs.iter().filter(|(directive, _)| is_auth(directive)).take(MOST);
    let auths: Vec<_> = auths.map(|(auth, condition)| (auth, condition.cover())).collect();
    for &(redirect, condition) in runs[..first].iter().filter(|(directive, _)| directive.is("redir")) {
        let Some(target) = redirect.values().first() else { continue };
        let is_here = !target.text.contains("://") || target.text.contains("://{http.request.host");
        let Some((auth, _)) = auths.iter().find(|(_, cover)| cover.contains(condition)).filter(|_| !is_here)
        else {
            continue;
        };
        found.push(
            RULE.finding(
                lint,
                redirect.name,
                format!("this redirect runs before `{}`, and anybody gets it", auth.name.text),
            )
            .also(auth.name.span, "asks too late")
            .help(format!(
                "if its target is not secret, leave it; otherwise put both into a `route`, `{}` first",
                auth.name.text
            )),
        );
    }
}
