//! `{args.0}` for `{args[0]}`.

use std::collections::HashSet;

use crate::lint::{Check, Lint, Rule, Walk};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("D003", "old-argument"),
    severity: Severity::Warning,
    summary: "`{args.0}` instead of `{args[0]}`",
    page: "\
The arguments of an `import` are written `{args[0]}`.

## Why

`{args.0}` still works for a single argument, but not for a range of arguments, and Caddy prints a warning.

## Wrong

```caddyfile
(proxy) {
	reverse_proxy {args.0}
}

example.com {
	import proxy localhost:8080
}
```

## Right

```caddyfile
(proxy) {
	reverse_proxy {args[0]}
}

example.com {
	import proxy localhost:8080
}
```

## When it is fine

When the file must also work with a Caddy before 2.7.

See https://caddyserver.com/docs/caddyfile/directives/import
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let options = Walk::through(lint.options);
    let words = options.chain(lint.walk()).flat_map(|line| std::iter::once(line.name).chain(line.args));
    let keys = lint.sites.iter().flat_map(|site| site.keys);
    let mut seen = HashSet::new();
    for word in keys.chain(words).filter(|word| word.frame != 0) {
        let written = lint.written(word);
        if !written.as_bytes().contains(&b'{') {
            continue;
        }
        let Some((old, new)) = modernized(written) else { continue };
        if seen.insert(word.span) {
            found.push(
                RULE.finding(lint, word, format!("`{old}` is an old form"))
                    .help(format!("write `{}`", old.replace("{args.", "{args[").replace('}', "]}")))
                    .edit(word.span, new, true),
            );
        }
    }
}

/// The first `{args.N}` of a word as written, and the word with all of them replaced.
fn modernized(written: &str) -> Option<(&str, String)> {
    let mut first = None;
    let mut out = String::new();
    let mut rest = written;
    while let Some(at) = rest.find("{args.") {
        let index = &rest[at + "{args.".len()..];
        let digits = index.bytes().take_while(u8::is_ascii_digit).count();
        let end = at + "{args.".len() + digits;
        if digits == 0 || !rest[end..].starts_with('}') {
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        first = first.or(Some(&rest[at..=end]));
        out.push_str(&rest[..at]);
        out.push_str("{args[");
        out.push_str(&index[..digits]);
        out.push_str("]}");
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some((first?, out))
}
