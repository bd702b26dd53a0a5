//! Where secrets stand in the text of a Caddyfile: by the directive that a word belongs to, by the name before it, by what
//! it looks like.

use std::borrow::Cow;
use std::ops::Range;

use super::lines::{self, Kind, Line};
use super::names::{self, Strength};
use super::{HIDDEN, shapes, within};

/// The secrets of a text: ranges of bytes in order, none of them with a line break.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<Range<usize>>);

/// What opened a block.
#[derive(Debug, Default)]
struct Block {
    head: String,
    /// Whether the lines of this `map` give secrets.
    gives_secrets: bool,
    within: Within,
}

/// What a block lies in, at whatever depth, itself included.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of block, and several may be around")]
struct Within {
    /// A log's format or filter, where fields are named.
    log_format: bool,
    /// The part of such a format that sets fields.
    append: bool,
    /// An external account binding.
    eab: bool,
    /// A provider of DNS records.
    provider: bool,
}

impl Within {
    /// With a block that begins with `head` inside it.
    fn and(self, head: &str) -> Self {
        Self {
            log_format: self.log_format || matches!(head, "fields" | "wrap" | "filter" | "format"),
            append: self.append || head == "append",
            eab: self.eab || matches!(head, "acme_eab" | "eab"),
            provider: self.provider || matches!(head, "dns" | "acme_dns" | "provider" | "dns_provider"),
        }
    }
}

/// Which words of a line are secrets.
enum Which {
    None,
    /// Those from a number on, as far as they are not harmless.
    From(usize, Strength),
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

impl Marks {
    /// Those of `text`.
    pub fn of(text: &str) -> Self {
        let mut found = Vec::new();
        within::keys(text, &mut found);
        let mut around: Vec<Block> = Vec::new();
        for line in lines::lines(text) {
            mark(text, &line, &mut around, &mut found);
        }
        let mut single = Vec::with_capacity(found.len());
        for range in within::merged(found) {
            let mut start = range.start;
            for line in text[range].split_inclusive('\n') {
                let end = start + line.trim_end_matches(['\r', '\n']).len();
                let first = start + (line.len() - line.trim_start().len());
                if first < end {
                    single.push(first..end);
                }
                start += line.len();
            }
        }
        Self(single)
    }

    /// The secrets, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Range<usize>> {
        self.0.iter()
    }

    /// Those that touch `range`.
    pub fn at(&self, range: &Range<usize>) -> &[Range<usize>] {
        let first = self.0.partition_point(|mark| mark.end <= range.start);
        let end = self.0.partition_point(|mark| mark.start < range.end);
        self.0.get(first..end.max(first)).unwrap_or_default()
    }

    /// `range` of `text` with each secret replaced.
    pub fn replace<'t>(
        &self,
        text: &'t str,
        range: Range<usize>,
        with: &dyn Fn(usize) -> String,
    ) -> Cow<'t, str> {
        let marks = self.at(&range);
        if marks.is_empty() {
            return Cow::Borrowed(&text[range]);
        }
        let mut out = String::with_capacity(range.len());
        let mut at = range.start;
        for mark in marks {
            let (start, end) = (mark.start.max(range.start), mark.end.min(range.end));
            out.push_str(&text[at..start]);
            out.push_str(&with(end - start));
            at = end;
        }
        out.push_str(&text[at..range.end]);
        Cow::Owned(out)
    }

    /// `range` of `text` with stars over secrets, so that every byte keeps its place.
    pub fn cover<'t>(&self, text: &'t str, range: Range<usize>) -> Cow<'t, str> {
        self.replace(text, range, &|length| "*".repeat(length))
    }

    /// `range` of `text` without its secrets.
    pub fn hide<'t>(&self, text: &'t str, range: Range<usize>) -> Cow<'t, str> {
        self.replace(text, range, &|_| HIDDEN.to_owned())
    }
}

/// A line of a Caddyfile without its secrets, as far as it tells them itself.
pub fn hide_line(line: &str) -> String {
    Marks::of(line).hide(line, 0..line.len()).into_owned()
}

/// The lines of a Caddyfile without their secrets and without line breaks.
pub fn hide_lines(text: &str) -> Vec<String> {
    let marks = Marks::of(text);
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let range = start..start + line.strip_suffix('\n').unwrap_or(line).len();
            start += line.len();
            marks.hide(text, range).into_owned()
        })
        .collect()
}

fn mark(text: &str, line: &Line, around: &mut Vec<Block>, found: &mut Vec<Range<usize>>) {
    let words: Vec<&str> = line.words.iter().map(|word| &text[word.inner()]).collect();
    if !line.is_comment && words.first() == Some(&"}") {
        around.pop();
    }
    let which = which(&words, line, around);
    for (number, word) in line.words.iter().enumerate() {
        let inner = &text[word.inner()];
        match which {
            Which::From(first, strength) if number >= first && !shapes::is_harmless(inner, strength) => {
                match default_of(inner) {
                    // Of a variable with a default, only the latter stands here.
                    Some(default) if shapes::is_harmless(default, strength) => {}
                    Some(default) => {
                        let end = word.inner().end - 1;
                        found.push(end - default.len()..end);
                    }
                    None if word.kind == Kind::Heredoc => found.push(body(text, word)),
                    None => found.push(word.range.clone()),
                }
                continue;
            }
            Which::Cookies(first) if number >= first => {
                let start = word.inner().start;
                found.extend(within::cookies(inner).into_iter().map(|r| start + r.start..start + r.end));
            }
            _ => {}
        }
        let start = word.inner().start;
        found.extend(within::within(inner).into_iter().map(|r| start + r.start..start + r.end));
    }
    if let [first, .., last] = line.words.as_slice() {
        pairs_of_words(line, &words, found);
        let (start, whole) = (first.range.start, &text[first.range.start..last.range.end]);
        let mut compared = Vec::new();
        within::comparisons(whole, &mut compared);
        found.extend(compared.into_iter().map(|r| start + r.start..start + r.end));
    }
    if !line.is_comment && words.last() == Some(&"{") {
        let within = around.last().map(|block| block.within).unwrap_or_default();
        around.push(opened(&words, within));
    }
}

/// The default of `{$NAME:default}`, where that is the whole word.
fn default_of(word: &str) -> Option<&str> {
    let (_, default) = word.strip_prefix("{$")?.strip_suffix('}')?.split_once(':')?;
    (!default.contains('}')).then_some(default)
}

/// The lines of a heredoc between its markers.
fn body(text: &str, word: &lines::Word) -> Range<usize> {
    let inside = &text[word.range.clone()];
    let start = inside.find('\n').map_or(0, |at| at + 1);
    let end = inside.rfind('\n').map_or(inside.len(), |at| at + 1);
    word.range.start + start..word.range.start + end.max(start)
}

/// `name = value` and `name: value` over several words, in comments and where a directive is not known.
fn pairs_of_words(line: &Line, words: &[&str], found: &mut Vec<Range<usize>>) {
    for (number, word) in words.iter().enumerate() {
        let value = match word.strip_suffix([':', '=']) {
            Some("") => number + 1,
            Some(_) if word.ends_with(':') || line.is_comment => number + 1,
            _ => continue,
        };
        let name = word.trim_end_matches([':', '=']);
        let name = if name.is_empty() && number > 0 { words[number - 1] } else { name };
        let name = name.trim_matches(['"', '\'', '`', ',']);
        let is_alone = !line.is_comment
            || value + 1 == words.len()
            || (value < words.len() && looks_random(words[value]));
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        if let Some(strength) = names::strength(name).filter(|_| is_alone && is_name)
            && value < words.len()
            && !shapes::is_harmless(words[value], strength)
            && !words[value].ends_with('{')
        {
            found.push(line.words[value].range.clone());
        }
    }
}

/// Whether a word of prose is hardly meant.
fn looks_random(word: &str) -> bool {
    let has = |kind: fn(&char) -> bool| word.chars().any(|c| kind(&c));
    let has_capital = word.chars().skip(1).any(|c| c.is_ascii_uppercase());
    has(char::is_ascii_digit) || (has_capital && has(char::is_ascii_lowercase))
}

/// What a line that opens a block says of the lines in it.
fn opened(words: &[&str], within: Within) -> Block {
    let words = &words[matcher_of(words)..];
    let head = words.first().copied().unwrap_or("");
    let gives_secrets = head == "map"
        && words[1..].iter().any(|word| {
            names::is_secret_name(word.trim_matches(['{', '}']).trim_start_matches("http.vars."))
        });
    Block { head: head.to_owned(), gives_secrets, within: within.and(head) }
}

/// How many words before the matcher's name a definition on one line has: `@name`, `not`.
fn matcher_of(words: &[&str]) -> usize {
    let named = usize::from(words.len() > 2 && words[0].starts_with('@'));
    named + usize::from(words.len() > named + 1 && words[named] == "not")
}

fn which(words: &[&str], line: &Line, around: &[Block]) -> Which {
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
    if around.last().is_some_and(|block| block.gives_secrets) {
        return Which::From(1, Strength::Strong);
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
