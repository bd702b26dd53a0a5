//! Files that are no Caddyfiles: another encoding, another language, an unfinished merge.

use super::Found;
use super::lines::Line;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{FileId, Span};
use crate::syntax::{Quote, Word};

/// What is wrong with the whole of a file.
pub(super) fn whole(file: FileId, text: &str) -> Option<Diagnostic> {
    let at = |start: usize, end: usize| Span::new(file, start, end);
    let fault = |span, message: &str| Diagnostic::error(Code::FOREIGN_TEXT, span, message);
    if text.contains('\0') {
        let first = text.chars().next().map_or(0, char::len_utf8);
        return Some(
            fault(at(0, first), "this file is not UTF-8 text; it is probably UTF-16")
                .help("save it as UTF-8; in PowerShell: `Set-Content -Encoding utf8`"),
        );
    }
    let start = text.len() - text.trim_start().len();
    let body = text.trim_start();
    let rest = body.strip_prefix('{').map(str::trim_start);
    if rest.is_some_and(key) {
        return Some(
            fault(at(start, start + 1), "this is JSON, not a Caddyfile")
                .help("`caddyctl routes` and `caddyctl diff` read JSON; Caddy runs it without `--adapter`"),
        );
    }
    let lines = || {
        body.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'))
    };
    let is_yaml = |line: &str| {
        let line = line.trim_start();
        line.starts_with("- ")
            || line == "---"
            || line.split_once(':').is_some_and(|(key, value)| {
                (value.is_empty() || value.starts_with(' '))
                    && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            })
    };
    let count = lines().count();
    let first = lines().next()?;
    if count > 1 && lines().all(is_yaml) && (first == "---" || first.ends_with(':')) {
        return Some(
            fault(at(start, start + first.len()), "this is YAML, not a Caddyfile")
                .help("write the Caddyfile itself; Caddy reads YAML only with a plugin"),
        );
    }
    None
}

/// Whether a text begins with a key of JSON.
fn key(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('"') else { return false };
    rest.split_once('"').is_some_and(|(_, after)| after.trim_start().starts_with(':'))
}

/// What git leaves where it could not merge, once for each conflict.
pub(super) fn merge_markers(file: FileId, text: &str) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let mut start = 0;
    let mut is_open = false;
    for line in text.split_inclusive('\n') {
        let span = Span::new(file, start, start + line.trim_end().len());
        start += line.len();
        let line = line.trim_end();
        if line.starts_with("<<<<<<< ") {
            is_open = true;
            faults.push(
                Diagnostic::error(Code::FOREIGN_TEXT, span, "this is an unresolved merge conflict").help(
                    "keep one of the two parts, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`",
                ),
            );
        } else if let Some(fault) =
            faults.pop_if(|_| is_open && (line == "=======" || line.starts_with(">>>>>>> ")))
        {
            is_open = line == "=======";
            faults
                .push(fault.also(span, if is_open { "the other part begins here" } else { "and ends here" }));
        }
    }
    faults
}

/// Reports a comment that begins with `//`, and leaves it out.
pub(super) fn comment(line: &Line, found: &mut Found) -> bool {
    let first = line.first();
    if first.is_quoted() || !first.text.starts_with("//") || line.opens() {
        return false;
    }
    let slashes = Span { end: first.span.start + 2, ..first.span };
    let fault = Diagnostic::error(Code::FOREIGN_TEXT, slashes, "a comment begins with `#`, not with `//`");
    found.faults.push(fault.help("write `#` in place of `//`").edit(slashes, "#", false));
    found.replace(line, Vec::new());
    true
}

/// Reports words after the marker of a heredoc, which make it an ordinary word. `below` are the lines after it; the number
/// of the one that ends the heredoc.
pub(super) fn heredoc(line: &Line, below: &[Line], found: &mut Found) -> Option<usize> {
    let at = line.words.iter().position(|word| !word.is_quoted() && marker(word).is_some())?;
    let word = &line.words[at];
    let marker = marker(word)?;
    let end = below.iter().position(|line| line.first().text == marker && !line.first().is_quoted())?;
    let (first, last) = (line.words.get(at + 1)?, line.last());
    let span = first.span.to(last.span);
    let fault =
        Diagnostic::error(Code::HEREDOC, span, "nothing may follow the marker of a heredoc on its line");
    found.faults.push(fault.help(format!("write it after the `{marker}` that ends the text")));
    let mut words = line.words[..at].to_vec();
    words.push(Word { quote: Quote::Heredoc, text: "text".into(), ..word.clone() });
    words.extend(below[end].words[1..].iter().map(|after| Word { line: word.line, ..after.clone() }));
    found.replace(line, words);
    for line in &below[..=end] {
        found.replace(line, Vec::new());
    }
    Some(end)
}

/// The marker of a word such as `<<END`.
fn marker(word: &Word) -> Option<&str> {
    let marker = word.text.strip_prefix("<<")?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (!marker.is_empty() && marker.bytes().all(is_letter)).then_some(marker)
}

/// Reports curly quotes, and reads what is between them as one word.
pub(super) fn quotes(line: &Line, found: &mut Found) {
    const OPENS: [char; 2] = ['\u{201c}', '\u{2018}'];
    const CLOSES: [char; 4] = ['\u{201d}', '\u{2019}', '\u{201c}', '\u{2018}'];
    let bare = |word: &Word| !word.is_quoted();
    let Some(start) = line.words.iter().position(|word| bare(word) && word.text.starts_with(OPENS)) else {
        return;
    };
    let Some(length) = line.words[start..].iter().position(|word| bare(word) && word.text.ends_with(CLOSES))
    else {
        return;
    };
    let inner = &line.words[start..=start + length];
    let (first, last) = (&inner[0], &inner[length]);
    let (Some(open), Some(close)) = (first.text.chars().next(), last.text.chars().next_back()) else {
        return;
    };
    let opening = Span { end: first.span.start + len(open), ..first.span };
    let closing = Span { start: last.span.end - len(close), ..last.span };
    let fault =
        Diagnostic::error(Code::FOREIGN_TEXT, opening, "a curly quote does not quote a text in a Caddyfile");
    found.faults.push(
        fault
            .also(closing, "and this one")
            .help("write `\"`")
            .edit(opening, "\"", false)
            .edit(closing, "\"", false),
    );
    let text = inner
        .iter()
        .map(|word| word.text.trim_matches(|c| CLOSES.contains(&c)))
        .collect::<Vec<_>>()
        .join(" ");
    let mut words = line.words[..start].to_vec();
    words.push(Word { text: text.into(), quote: Quote::Double, ..first.clone() });
    words.extend_from_slice(&line.words[start + length + 1..]);
    found.replace(line, words);
}

fn len(letter: char) -> u32 {
    u32::try_from(letter.len_utf8()).unwrap_or_default()
}
