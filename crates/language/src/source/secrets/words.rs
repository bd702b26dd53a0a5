//! Which words of a line are secrets, by the directive that it begins with and the blocks around it.

use super::blocks::Block;
use super::lines::Line;
use super::names::{self, Strength};
use super::pairs::looks_random;

/// Which words of a line are secrets.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// None of them by their place.
    None,
    /// Those from a number on, as far as they are not harmless.
    From(usize, Strength),
    /// The first one; where all are, also those from a number on.
    First(Option<usize>),
    /// Those from a number on: values of a header of cookies.
    Cookies(usize),
}

/// Directives whose arguments from a number on are secret, by their first words. `dns PROVIDER TOKEN` is the short form of
/// a provider's settings.
const ARGUMENTS: &[(&[&str], usize)] = &[
    (&["issuer", "zerossl"], 2),
    (&["cert_issuer", "zerossl"], 2),
    (&["eab"], 1),
    (&["dns"], 2),
    (&["acme_dns"], 2),
    (&["provider"], 2),
    (&["dns_provider"], 2),
    (&["lb_policy", "cookie"], 3),
    (&["policy", "cookie"], 3),
    (&["probe_resistance"], 1),
];

/// Directives whose first argument, behind a matcher, is a name, and whose others are its value.
const NAMED: &[&str] = &[
    "header",
    "request_header",
    "response_header",
    "header_up",
    "header_down",
    "header_regexp",
    "vars",
    "vars_regexp",
    "env",
    "setenv",
    "query",
    "log_append",
    "set",
    "var",
];

/// Algorithms that `basic_auth` names before its block (Caddy docs, "`basic_auth`").
const ALGORITHMS: &[&str] = &["argon2id", "bcrypt", "scrypt"];

/// How many words before the matcher's name a definition on one line has: `@name`, `not`.
pub(crate) fn matcher_of(words: &[&str]) -> usize {
    let named = usize::from(words.len() > 2 && words[0].starts_with('@'));
    named + usize::from(words.len() > named + 1 && words[named] == "not")
}

/// Those of a line.
pub(crate) fn which(words: &[&str], line: &Line, around: &[Block]) -> Which {
    let offset = matcher_of(words);
    let Some(head) = words.get(offset) else { return Which::None };
    let args = &words[offset + 1..];
    let opens = words.last() == Some(&"{");
    let inside = around.last().map_or("", |block| block.head.as_str());
    let within = around.last().map(|block| block.within).unwrap_or_default();
    if line.is_comment && words.len() > 5 {
        return Which::None;
    }
    // A block of accounts: all but the name is secret.
    if matches!(inside, "basic_auth" | "basicauth") && *head != "import" {
        return if line.is_comment && words.len() != 2 {
            Which::None
        } else {
            Which::From(1, Strength::Strong)
        };
    }
    let map = around.last().filter(|block| block.gives_secrets || block.asks_secrets);
    if let Some(map) = map {
        return match *head {
            "default" if !map.gives_secrets => Which::None,
            "default" => Which::From(1, Strength::Strong),
            _ if map.asks_secrets => Which::First(map.gives_secrets.then_some(1)),
            _ => Which::From(1, Strength::Strong),
        };
    }
    if matches!(*head, "basic_auth" | "basicauth") {
        // Caddy 1 has the account on the line itself; Caddy 2 has an algorithm and a realm there.
        let user = usize::from(args.first().is_some_and(|first| first.starts_with(['/', '@', '*'])));
        let has_password = args.len() >= user + 2 + usize::from(opens);
        let is_algorithm = args.get(user).is_some_and(|word| ALGORITHMS.contains(word));
        return if has_password && !is_algorithm {
            Which::From(offset + user + 2, Strength::Strong)
        } else {
            Which::None
        };
    }
    if let Some((_, from)) = ARGUMENTS.iter().find(|(first, _)| words[offset..].starts_with(first)) {
        return if opens && words.len() <= offset + from + 1 {
            Which::None
        } else {
            Which::From(offset + from, Strength::Strong)
        };
    }
    if *head == "crypto" {
        let verb = args.iter().position(|word| matches!(*word, "sign-verify" | "sign" | "verify"));
        return match verb.filter(|at| args.get(at + 1) != Some(&"from")) {
            Some(at) => Which::From(offset + at + 2, Strength::Strong),
            None => Which::None,
        };
    }
    // Fields of a log are named there, and not set.
    if within.log_format && !within.append {
        return Which::None;
    }
    if *head == "uri" {
        let query = args.iter().position(|word| *word == "query").filter(|at| at + 2 < args.len());
        let kind = query.and_then(|at| value_under(args[at + 1], args, at + 1).map(|kind| (at, kind)));
        return kind.map_or(Which::None, |(at, kind)| behind(kind, offset + at + 3));
    }
    if NAMED.contains(head) && !args.is_empty() {
        let first = args[0];
        let skipped = usize::from(args.len() > 1 && (first.starts_with(['@', '/']) || first == "*"));
        let most = if head.ends_with("regexp") { 2 } else { 1 };
        let named =
            (skipped..args.len().min(skipped + most)).find(|at| value_under(args[*at], args, *at).is_some());
        return named
            .and_then(|at| value_under(args[at], args, at))
            .map_or(Which::None, |kind| behind(kind, offset + at_of(named) + 2));
    }
    if *head == "key_id" && within.eab {
        return Which::From(offset + 1, Strength::Strong);
    }
    // A provider of DNS records takes `key`, whatever it is for.
    if within.provider && matches!(*head, "key" | "tsig_key") && !opens {
        return Which::From(offset + 1, Strength::Strong);
    }
    let is_setting =
        head.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '>' | '?' | ':'));
    if !is_setting || around.is_empty() && opens || args.is_empty() || offset > 0 {
        return Which::None;
    }
    if opens && args.len() > 1 && !matches!(inside, "header") {
        return Which::None;
    }
    // A setting that was taken out, and no prose about one.
    if line.is_comment
        && !head.contains('_')
        && !(looks_random(args[0]) && (args.len() == 1 || head.ends_with([':', '='])))
    {
        return Which::None;
    }
    match value_under(head, words, 0) {
        Some(kind) => behind(kind, 1),
        None => Which::None,
    }
}

fn at_of(named: Option<usize>) -> usize {
    named.unwrap_or(0)
}

/// What the value behind the name at `at` is, if it is a secret's.
fn value_under(name: &str, words: &[&str], at: usize) -> Option<Value> {
    let name = name.trim_start_matches(['+', '-', '>', '?', '!']).trim_end_matches([':', '=']);
    let next = words.get(at + 1)?;
    // `cookie domain example.com`, `token lifetime 3600` say something about it.
    if names::is_about(next) || words.get(at + 2).is_some_and(|word| names::is_about(word)) {
        return None;
    }
    if names::is_cookie(name) {
        // A replacement that keeps what it has found adds attributes.
        return (!words[at + 1..].iter().any(|word| word.contains("$1"))).then_some(Value::Cookies);
    }
    names::strength(name).map(Value::Secret)
}

#[derive(Clone, Copy)]
enum Value {
    Secret(Strength),
    Cookies,
}

fn behind(kind: Value, from: usize) -> Which {
    match kind {
        Value::Secret(strength) => Which::From(from, strength),
        Value::Cookies => Which::Cookies(from),
    }
}
