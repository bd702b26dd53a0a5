//! A rewrite that carries requests past a login.

use crate::lint::{Check, Condition, Directive, Level, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S001", "rewrite-before-auth"),
    severity: Severity::Warning,
    summary: "A path that is rewritten before `basic_auth` or `forward_auth` checks it",
    page: "\
`rewrite`, `uri` and `try_files` run before `basic_auth` and `forward_auth`, wherever you write them. The path of the
login is compared with the rewritten path.

## Why

With `uri strip_prefix /app` and `forward_auth /app/*`, the request `/app/x` reaches the upstream without a login;
only `/app/app/x` needs one (measured with Caddy 2.11.7). The same happens inside `handle_path`.

## Wrong

```caddyfile
example.com {
	uri strip_prefix /app
	basic_auth /app/* {
		bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
	}
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	route /app/* {
		basic_auth {
			bob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
		}
		uri strip_prefix /app
		reverse_proxy localhost:8080
	}
}
```

## When it is fine

When the rewritten path is public. Test it without a password.

See https://caddyserver.com/docs/caddyfile/directives#directive-order
",
    check: Check::Each(check),
};

/// No block needs more logins, or rewrites before them; looking at each with each must stay cheap.
pub(super) const MOST: usize = 32;

/// Whether a directive asks for a login.
pub(super) fn is_auth(directive: &Directive) -> bool {
    directive.is_guard()
}

/// Whether it asks for a login, or refuses what it takes.
fn protects(directive: &Directive) -> bool {
    is_auth(directive) || directive.refuses()
}

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        let runs = level.runs();
        let Some(last) = runs.iter().rposition(|(directive, _)| protects(directive)) else { continue };
        let stripped = level.owner.filter(|owner| owner.is("handle_path")).and_then(|owner| {
            let prefix = owner.args.first()?.text.trim_end_matches('*').trim_end_matches('/');
            Some((owner, Change::Strip(prefix)))
        });
        let owned = stripped.map(|(owner, change)| (0, owner, change));
        let before = runs[..last]
            .iter()
            .enumerate()
            .filter_map(|(at, (directive, _))| Some((at, *directive, Change::of(directive)?)));
        let changes: Vec<_> = owned.into_iter().chain(before).take(MOST).collect();
        for (at, (auth, _)) in runs.iter().enumerate().filter(|(_, (run, _))| protects(run)).take(MOST) {
            let before: Vec<_> = changes.iter().filter(|(place, ..)| *place <= at).collect();
            check_auth(lint, level, auth, &before, found);
        }
    }
}

/// A change, the directive that makes it, and when it runs.
type Changed<'a> = (usize, &'a Directive<'a>, Change<'a>);

fn check_auth<'a>(
    lint: &Lint,
    level: &Level<'a>,
    auth: &'a Directive<'a>,
    changes: &[&Changed<'a>],
    found: &mut Vec<Diagnostic>,
) {
    let Some(matcher) = auth.matcher() else { return };
    let guarded = level.condition(auth);
    let passed = changes.iter().find_map(|(_, directive, change)| {
        let is_owner = level.owner.is_some_and(|owner| owner.name.span == directive.name.span);
        let path = change.passes(guarded)?;
        (is_owner || meets(level.condition(directive), guarded)).then_some((*directive, path))
    });
    let Some((directive, path)) = passed else { return };
    found.push(
        RULE.finding(
            lint,
            matcher,
            format!(
                "`{}` changes `{path}` before `{}` checks it, so nobody {}",
                directive.name.text,
                auth.name.text,
                if is_auth(auth) { "has to log in" } else { "is refused" }
            ),
        )
        .label("no longer matches")
        .also(directive.name.span, "runs first")
        .help(if directive.is("handle_path") {
            format!(
                "inside `handle_path` write the path without the prefix, or leave the matcher of `{}` out",
                auth.name.text
            )
        } else {
            format!("put both into a `route`, `{}` first", auth.name.text)
        }),
    );
}

/// Whether the requests of two conditions may be the same.
fn meets(changed: Condition, guarded: Condition) -> bool {
    changed.cover().touches(guarded) || guarded.cover().touches(changed)
}

/// What becomes of a path.
enum Change<'a> {
    /// This is taken from its beginning.
    Strip(&'a str),
    /// It begins with this afterwards.
    To(&'a str),
}

impl<'a> Change<'a> {
    fn of(directive: &'a Directive<'a>) -> Option<Self> {
        let target = match directive.name.text.as_str() {
            "uri" => {
                let [operation, prefix] = directive.values() else { return None };
                let strips = operation.text == "strip_prefix" && pattern::is_literal(&prefix.text);
                return strips.then(|| Self::Strip(prefix.text.trim_end_matches('/')));
            }
            "try_files" | "rewrite" => directive.args.last()?,
            _ => return None,
        };
        let certain = target.text.find(['{', '?']).map_or(target.text.as_str(), |end| &target.text[..end]);
        (certain.len() > 1 && certain.starts_with('/')).then_some(Self::To(certain))
    }

    /// A path that the condition guards, and no longer guards afterwards.
    fn passes(&self, guarded: Condition<'a>) -> Option<&'a str> {
        let paths = guarded.paths().into_iter().map(|path| path.text.as_str());
        let mut known = paths.filter(|path| pattern::is_literal(path) || pattern::prefix(path).is_some());
        match self {
            Self::Strip(prefix) => {
                known.find(|path| !prefix.is_empty() && pattern::lies_in(path.trim_end_matches('*'), prefix))
            }
            Self::To(target) => {
                let all: Vec<_> = known.collect();
                // One pattern that takes the target guards it for all.
                let guards = |path: &&str| {
                    pattern::covers(path, target) || pattern::covers(path, &format!("{target}*"))
                };
                if all.iter().any(guards) { None } else { all.first().copied() }
            }
        }
    }
}
