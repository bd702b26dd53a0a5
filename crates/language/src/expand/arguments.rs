//! `{args[N]}`, `{args[a:b]}` and the old `{args.N}`: the words that an `import` hands to what it imports.

use ecow::EcoString;

use crate::diagnostics::{Code, Diagnostic, import};
use crate::syntax::Word;
use crate::version::{Change, Version};

/// What became of one word.
pub(super) enum Replaced {
    /// It stands for these words, each of its own kind of quote.
    Words(std::ops::Range<usize>),
    /// Its text is this now.
    Text(EcoString),
}

/// Replaces the placeholders of `word`, and says which of them have no argument to stand for, as warnings or errors. A
/// text that becomes longer than `room` bytes is left unfinished.
pub(super) fn replace(
    word: &Word,
    args: &[EcoString],
    room: usize,
    version: Version,
    faults: &mut Vec<Diagnostic>,
) -> Replaced {
    if !word.text.contains(['{', '}']) {
        return Replaced::Text(word.text.clone());
    }
    let in_brackets = version.has(Change::ArgumentsInBrackets);
    if in_brackets && let Some(range) = variadic(word, args.len(), faults) {
        return Replaced::Words(range);
    }
    Replaced::Text(known(word, args, room, version, faults))
}

fn undefined(word: &Word, message: String) -> Diagnostic {
    Diagnostic::warning(Code::UNDEFINED_ARGUMENT, word.span, message)
}

fn count(args: usize) -> String {
    match args {
        0 => "the import gives no arguments".to_owned(),
        1 => "the import gives 1 argument".to_owned(),
        n => format!("the import gives {n} arguments"),
    }
}

/// The range that a whole word `{args[a:b]}` stands for.
fn variadic(word: &Word, given: usize, faults: &mut Vec<Diagnostic>) -> Option<std::ops::Range<usize>> {
    let range = word.text.strip_prefix("{args[")?.strip_suffix("]}")?;
    if range.is_empty() {
        faults.push(undefined(word, format!("`{}` has no index", word.text)));
        return None;
    }
    let (start, end) = range.split_once(':')?;
    // Two placeholders in one word may have a colon between them.
    if start.contains('}') || end.contains('{') {
        return None;
    }
    let index = |text: &str, default: usize| {
        if text.is_empty() {
            Some(default)
        } else {
            crate::go::atoi(text).and_then(|n| usize::try_from(n).ok())
        }
    };
    let bounds = index(start, 0).zip(index(end, given));
    match bounds {
        Some((start, end)) if start <= end && end <= given => Some(start..end),
        _ => {
            faults.push(
                undefined(
                    word,
                    format!("`{}` is not a range of arguments, so it stays unchanged", word.text),
                )
                .help(count(given)),
            );
            None
        }
    }
}

/// Replaces the placeholders that are arguments; leaves all others, and takes the backslash from an escaped brace, as
/// Caddy's replacer does.
fn known(
    word: &Word,
    args: &[EcoString],
    room: usize,
    version: Version,
    faults: &mut Vec<Diagnostic>,
) -> EcoString {
    let input = word.text.as_str();
    let bytes = input.as_bytes();
    let mut out = EcoString::with_capacity(input.len());
    let mut written = 0;
    let mut unclosed = 0;
    let mut at = 0;
    // The end of the last placeholder that was looked at; those that begin before it end there, too.
    let mut known_end = None;
    while at < bytes.len() {
        if at > 0 && bytes[at - 1] == b'\\' && matches!(bytes[at], b'{' | b'}') {
            // A placeholder may have been written up to here already.
            out.push_str(input.get(written..at - 1).unwrap_or(""));
            written = at;
            at += 1;
            continue;
        }
        if bytes[at] != b'{' {
            at += 1;
            continue;
        }
        // Caddy gives up on a word with more open braces than this, and leaves nothing of it.
        if unclosed > 100 {
            return EcoString::new();
        }
        if known_end.is_none_or(|end| end < at) {
            known_end = closing(bytes, at);
        }
        let Some(end) = known_end else {
            unclosed += 1;
            at += 1;
            continue;
        };
        out.push_str(&input[written..at]);
        if let Some(value) = lookup(word, input.get(at + 1..end).unwrap_or(""), args, version, faults) {
            out.push_str(&value);
            at = end + 1;
            written = at;
            // The text that is left is part of what has been counted.
            if out.len() > room.saturating_add(input.len()) {
                return out;
            }
        } else {
            written = at;
            at += 1;
        }
    }
    out.push_str(&input[written..]);
    out
}

/// The first `}` after `open` that no backslash escapes.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let find = |from: usize| bytes.get(from..)?.iter().position(|b| *b == b'}').map(|at| at + from);
    let mut end = find(open)?;
    while end > 0 && end + 1 < bytes.len() && bytes[end - 1] == b'\\' {
        end = find(end + 1)?;
    }
    Some(end)
}

/// The argument that the placeholder `key` names.
fn lookup(
    word: &Word,
    key: &str,
    args: &[EcoString],
    version: Version,
    faults: &mut Vec<Diagnostic>,
) -> Option<EcoString> {
    // Before 2.8.4, only `{args.0}` and its like are arguments.
    if !version.has(Change::ArgumentsInBrackets) {
        let index = key.strip_prefix("args.")?;
        let number = index.parse::<usize>().ok().filter(|number| number.to_string() == index)?;
        return args.get(number).cloned();
    }
    let (index, deprecated) = match key.strip_prefix("args.") {
        Some(index) if !index.is_empty() => (index, true),
        _ => (key.strip_prefix("args[")?.strip_suffix(']').filter(|index| !index.is_empty())?, false),
    };
    if index.contains(':') && !deprecated {
        faults.push(undefined(word, format!("`{{{key}}}` must be a separate word, so it stays unchanged")));
        return None;
    }
    let number = crate::go::atoi(index);
    if number.is_some_and(|n| n < 0) && !version.has(Change::NegativeArgument) {
        // Caddy breaks off with a panic here.
        faults.push(import::negative_argument(word.span, key));
        return None;
    }
    let value = number.and_then(|n| usize::try_from(n).ok()).and_then(|n| args.get(n));
    let Some(value) = value else {
        faults.push(
            undefined(word, format!("`{{{key}}}` has no value, so it stays unchanged"))
                .help(count(args.len())),
        );
        return None;
    };
    if deprecated {
        faults.push(
            Diagnostic::warning(Code::DEPRECATED, word.span, format!("`{{{key}}}` is deprecated"))
                .help(format!("write `{{args[{index}]}}`")),
        );
    }
    Some(value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, args: &[&str]) -> (String, usize) {
        let args: Vec<EcoString> = args.iter().map(|a| EcoString::from(*a)).collect();
        let word = Word { text: text.into(), ..Word::default() };
        let mut faults = Vec::new();
        let out = match replace(&word, &args, usize::MAX, Version::DEFAULT, &mut faults) {
            Replaced::Words(range) => args[range].join(" "),
            Replaced::Text(text) => text.to_string(),
        };
        (out, faults.len())
    }

    #[test]
    fn placeholders() {
        assert_eq!(run("a{args[0]}b", &["x"]), ("axb".into(), 0));
        assert_eq!(run("{args[1]}", &["x"]), ("{args[1]}".into(), 1));
        assert_eq!(run("{args[:]}", &["x", "y"]), ("x y".into(), 0));
        assert_eq!(run("{args[1:]}", &["x", "y"]), ("y".into(), 0));
        assert_eq!(run("{args[3:]}", &["x", "y"]), ("{args[3:]}".into(), 2));
        assert_eq!(run("{args.0}", &["x"]), ("x".into(), 1));
        assert_eq!(run("{host}{args[0]}", &["x"]), ("{host}x".into(), 0));
        assert_eq!(run("{args[-1]}", &["x"]), ("{args[-1]}".into(), 1));
        assert_eq!(run("\\{a\\}", &[]), ("{a}".into(), 0));
    }
}
