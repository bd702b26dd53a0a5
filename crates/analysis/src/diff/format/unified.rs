//! A text diff as `diff -u` writes it, for people with the changed words marked.

use std::borrow::Cow;
use std::fmt::Write;

use similar::{ChangeTag, TextDiff};

use crate::diff::{Hunk, Line, TextChange};
use caddyctl_language::source::shown;

/// Lines that share less of their words than this are others, and not the same line changed.
const ALIKE: f32 = 0.4;

/// Where colours and marks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// Plain text for programs, every byte as it is.
    Data,
    /// ANSI colours, changed words marked.
    Terminal,
}

/// The unified diff of a text.
pub fn unified(change: &TextChange, paint: Paint) -> String {
    let name = |name: &Option<String>| {
        let name = name.as_deref().unwrap_or("/dev/null");
        if paint == Paint::Data { name.to_owned() } else { shown::line(name).into_owned() }
    };
    let change = &seen(change, paint);
    let (old, new) = (name(&change.old_name), name(&change.new_name));
    let bold = |text: &str| painted(paint, "1", text);
    let mut out = format!("{}\n{}\n", bold(&format!("--- {old}")), bold(&format!("+++ {new}")));
    for hunk in &change.hunks {
        let _ = writeln!(out, "{}", painted(paint, "36", &hunk.header));
        for line in &hunk.lines {
            let (sign, colour) = match line.tag {
                ChangeTag::Delete => ('-', "31"),
                ChangeTag::Insert => ('+', "32"),
                ChangeTag::Equal => (' ', ""),
            };
            let text = match paint {
                Paint::Plain | Paint::Data => line.text.clone(),
                Paint::Terminal => marked(hunk, line).unwrap_or_else(|| line.text.clone()),
            };
            let _ = writeln!(out, "{}", painted(paint, colour, &format!("{sign}{text}")));
            if line.unfinished {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

fn painted(paint: Paint, colour: &str, text: &str) -> String {
    match paint {
        Paint::Terminal if !colour.is_empty() => format!("\x1b[{colour}m{text}\x1b[0m"),
        _ => text.to_owned(),
    }
}

/// The change as people see it: what is hidden is written out. Carriage returns are left out where all lines have one: they
/// are how the file ends its lines.
fn seen(change: &TextChange, paint: Paint) -> Cow<'_, TextChange> {
    if paint == Paint::Data {
        return Cow::Borrowed(change);
    }
    let mut change = change.clone();
    let lines = || change.hunks.iter().flat_map(|hunk| &hunk.lines);
    let is_windows = lines().all(|line| line.text.ends_with('\r'));
    for line in change.hunks.iter_mut().flat_map(|hunk| &mut hunk.lines) {
        let text = if is_windows { line.text.trim_end_matches('\r') } else { &line.text };
        line.text = shown::source_line(text).into_owned();
    }
    Cow::Owned(change)
}

/// The line with the words marked that its partner does not have.
fn marked(hunk: &Hunk, line: &Line) -> Option<String> {
    let partner = &hunk.lines.get(line.partner?)?.text;
    let (old, new) =
        if line.tag == ChangeTag::Delete { (&line.text, partner) } else { (partner, &line.text) };
    let diff = TextDiff::from_words(old, new);
    if diff.ratio() < ALIKE {
        return None;
    }
    let parts =
        diff.iter_all_changes().filter(|part| part.tag() == ChangeTag::Equal || part.tag() == line.tag);
    let words = parts.map(|part| match part.tag() {
        ChangeTag::Equal => part.value().to_owned(),
        _ => format!("\x1b[7m{}\x1b[27m", part.value()),
    });
    Some(words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::text::shown_otherwise;

    #[test]
    fn words_are_marked_on_a_terminal_only() {
        let change = shown_otherwise(("a", "x 1\n", "x 1\n"), ("b", "x 2", "x 2"));
        let plain = unified(&change, Paint::Plain);
        assert_eq!(plain, "--- a\n+++ b\n@@ -1 +1 @@\n-x 1\n+x 2\n\\ No newline at end of file\n");
        let painted = unified(&change, Paint::Terminal);
        assert!(painted.contains("\x1b[31m-x \x1b[7m1\x1b[27m\x1b[0m"), "{painted:?}");
    }
}
