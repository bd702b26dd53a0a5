//! Words that Caddy accepts and ignores.

use crate::lint::{Check, Directive, Lint, Rule};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::lower::Matcher;
use caddyctl_language::spec::Holds;
use caddyctl_language::syntax::Word;
use caddyctl_language::{directives, options};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("C048", "ignored-words"),
    severity: Severity::Warning,
    summary: "Words or a block that Caddy ignores, such as `request_body max_size 10MB`",
    page: "\
The directive takes fewer words than its line has, or no block. Caddy ignores the rest without a message.

## Why

`request_body max_size 10MB` on one line sets no limit. A setting that is ignored looks like one that works.

## Wrong

```caddyfile
example.com {
	request_body max_size 10MB
	reverse_proxy localhost:8080
}
```

## Right

```caddyfile
example.com {
	request_body {
		max_size 10MB
	}
	reverse_proxy localhost:8080
}
```

## When it is fine

Never.

See https://caddyserver.com/docs/caddyfile/directives
",
    check: Check::Each(check),
};

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    for level in &lint.levels.all {
        for directive in &level.directives {
            let Some(declared) = directive.declared.filter(|declared| !declared.is_opaque()) else {
                continue;
            };
            let words = if declared.matcher == Matcher::Never { directive.args } else { directive.values() };
            let has_rows =
                declared.rows.iter().any(|row| words.first().is_some_and(|word| row.name == *word.text));
            surplus(lint, directive, words, &declared.args, has_rows, found);
            let takes_block = !declared.rows.is_empty()
                || !declared.lines.is_empty()
                || declared.holds != Holds::Rows
                || declared.args.contains('{');
            if let Some(first) = directive.block.first().filter(|_| !takes_block) {
                found.push(
                    RULE.finding(
                        lint,
                        first.name,
                        format!("`{}` takes no block, and Caddy ignores this one", directive.name.text),
                    )
                    .also(directive.name.span, "the directive")
                    .help("move its lines to where they belong, or remove it"),
                );
            }
            for line in directive.block.iter().filter(|line| line.is("transport")) {
                let [_, rest @ ..] = line.args else { continue };
                if directive.is_proxy() && !rest.is_empty() {
                    report(lint, line, rest, true, found);
                }
            }
        }
    }
    for option in lint.options {
        let Some(known) = options::find(directives::stock(), &option.name.text) else { continue };
        surplus(lint, option, option.args, &known.args, false, found);
        let takes_block = !known.rows.is_empty() || known.args.contains('{') || known.args.contains("...");
        if let Some(first) = option.block.first().filter(|_| !takes_block) {
            found.push(
                RULE.finding(
                    lint,
                    first.name,
                    format!("`{}` takes no block, and Caddy ignores this one", option.name.text),
                )
                .also(option.name.span, "the option")
                .help("move its lines to where they belong, or remove it"),
            );
        }
    }
}

/// Reports the words beyond those that `args` names.
fn surplus(
    lint: &Lint,
    line: &Directive,
    words: &[Word],
    args: &str,
    has_rows: bool,
    found: &mut Vec<Diagnostic>,
) {
    let Some(most) = most(args) else { return };
    if words.len() > most {
        report(lint, line, &words[most..], has_rows, found);
    }
}

fn report(lint: &Lint, line: &Directive, words: &[Word], has_rows: bool, found: &mut Vec<Diagnostic>) {
    let Some(first) = words.first() else { return };
    let shown: Vec<&str> = words.iter().map(|word| lint.written(word)).collect();
    let shown = shown.join(" ");
    let finding =
        RULE.finding(lint, first, format!("Caddy ignores `{shown}` on the line of `{}`", line.name.text));
    found.push(if has_rows {
        finding.help(format!(
            "write it into a block: `{} {{`, `{shown}`, and `}}`, each on a line",
            line.name.text
        ))
    } else {
        finding.help("remove it, or put a value of several words in quotes")
    });
}

/// The most words that such arguments stand for; `None` if there is no limit.
fn most(args: &str) -> Option<usize> {
    let line = args.split(" or {").next().unwrap_or_default().split('{').next().unwrap_or_default();
    if line.contains("...") {
        return None;
    }
    let mut words = 0;
    let (mut in_name, mut in_word) = (false, false);
    for letter in line.chars() {
        match letter {
            '<' => in_name = true,
            '>' => in_name = false,
            ' ' if !in_name => in_word = false,
            _ => {}
        }
        if letter != ' ' && !in_word {
            in_word = true;
            words += 1;
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_syntax() {
        for (args, words) in [
            ("", Some(0)),
            ("<status>|<body> [<status>]", Some(2)),
            ("[bcrypt|argon2id [<realm>]]", Some(2)),
            ("[<listener address>]", Some(1)),
            ("[+|-|?|>]<field> [<value>|<pattern> [<replacement>]] or { ... }", Some(3)),
            ("[<upstreams...>]", None),
            ("[{ per_host }]", Some(1)),
        ] {
            assert_eq!(most(args), words, "{args}");
        }
    }
}
