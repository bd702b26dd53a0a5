//! What holds of everything that is printed.

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::{Sources, Span};

use super::case::CANARY;

/// `text` is one JSON document.
pub fn is_json(text: &str) {
    let read: Result<serde_json::Value, _> = serde_json::from_str(text);
    assert!(read.is_ok(), "{read:?}: {text}");
}

/// Every place of `found` lies in a text, and ends at characters.
pub fn has_places(found: &Diagnostic, sources: &Sources) {
    let labels = found.primary.iter().chain(&found.secondary).map(|label| label.span);
    let edits = found.edits.iter().map(|edit| edit.span);
    for span in labels.chain(edits).chain(found.trail.iter().map(|frame| frame.span)) {
        is_place(span, sources);
    }
}

fn is_place(span: Span, sources: &Sources) {
    let text = sources.file(span.file).text();
    assert!(text.get(span.range()).is_some(), "{span:?} of {} bytes", text.len());
}

/// A refusal says why, and every place lies in its text.
pub fn is_sound(compilation: &Compilation) {
    let has_errors = compilation.diagnostics.iter().any(Diagnostic::is_error);
    assert_eq!(compilation.is_ok(), !has_errors, "a refusal says why");
    for found in &compilation.diagnostics {
        has_places(found, &compilation.sources);
    }
}

/// `message` quotes no word of `text` that looks like a secret: six letters and digits or more, of both kinds.
pub fn quotes_nothing(message: &str, text: &str) {
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() >= 6) {
        let has = |is_kind: fn(&u8) -> bool| word.bytes().any(|byte| is_kind(&byte));
        let looks_secret = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
        assert!(!looks_secret || !message.contains(word), "{message} quotes {word}");
    }
}

/// Nothing in `text` moves a cursor or turns the direction of writing, and no line is a command to a CI runner.
pub fn is_plain(text: &str) {
    let is_hidden = |c: char| {
        let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && !matches!(c, '\n' | '\t'))
    };
    assert!(!text.contains(is_hidden), "{text:?}");
    // A command has two `::`; a site may be called `::1`, and an excerpt marks another file with `:::`.
    let is_command = |line: &str| {
        let line = line.trim_start();
        line.strip_prefix("::").is_some_and(|rest| rest.contains("::")) || line.starts_with("##[")
    };
    assert!(!text.lines().any(is_command), "{text:?}");
}

/// No form of a report on `data` shows the value of a variable that `data` does not hold itself.
pub fn hides_variables(report: &str, data: &[u8]) {
    let has_value = data.windows(CANARY.1.len()).any(|part| part.eq_ignore_ascii_case(CANARY.1.as_bytes()));
    assert!(has_value || !report.to_ascii_lowercase().contains(CANARY.1), "{report}");
}
