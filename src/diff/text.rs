//! The text diff: every source file that differs, unified, with word-level marks for a terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use similar::{Algorithm, ChangeTag, TextDiff};

use super::fields::Show;
use super::side::Side;
use crate::source::secrets;

/// A file whose text differs. Secrets are hidden already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// Its name on the old side; `None` when it is new.
    pub old_name: Option<String>,
    /// Its name on the new side; `None` when it is gone.
    pub new_name: Option<String>,
    /// Its text on the old side.
    pub old: String,
    /// Its text on the new side.
    pub new: String,
}

/// Where colours and marks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// ANSI colours, changed words marked.
    Terminal,
}

/// The files of both sides that differ. The main files are a pair whatever their names; imported files are pairs by
/// their names as seen from the main file.
pub fn changes(old: &Side, new: &Side, show: Show) -> Vec<TextChange> {
    let (before, after) = (files(old), files(new));
    let mut changes = Vec::new();
    if !before.is_empty() && !after.is_empty() {
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            change(before.get(key), after.get(key), show, &mut changes);
        }
    }
    change(old.drop_in.as_ref(), new.drop_in.as_ref(), show, &mut changes);
    changes
}

fn change(
    old: Option<&(String, String)>,
    new: Option<&(String, String)>,
    show: Show,
    changes: &mut Vec<TextChange>,
) {
    if old.map(|(_, text)| text) == new.map(|(_, text)| text) {
        return;
    }
    let text = |file: Option<&(String, String)>| match file {
        Some((_, text)) if show.secrets => text.clone(),
        Some((_, text)) => text.split_inclusive('\n').map(hidden).collect(),
        None => String::new(),
    };
    changes.push(TextChange {
        old_name: old.map(|(name, _)| name.clone()),
        new_name: new.map(|(name, _)| name.clone()),
        old: text(old),
        new: text(new),
    });
}

fn hidden(line: &str) -> String {
    let (words, end) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
    secrets::hide_line(words) + end
}

/// The files of a side by a name that means the same on both sides.
fn files(side: &Side) -> BTreeMap<String, (String, String)> {
    let main = side.sources.iter().next().map(|(_, file)| file.name().to_owned()).unwrap_or_default();
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let files = side.sources.iter().enumerate().map(|(number, (_, file))| {
        let name = file.name();
        let inside = name.strip_prefix(&folder).map_or(name, |rest| rest.trim_start_matches('/'));
        let key = if number == 0 { String::new() } else { inside.trim_start_matches("./").to_owned() };
        (key, (name.to_owned(), file.text().to_owned()))
    });
    files.collect()
}

impl TextChange {
    /// The unified diff of the file.
    pub fn unified(&self, paint: Paint) -> String {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "/dev/null".to_owned());
        unified(&name(&self.old_name), &name(&self.new_name), &self.old, &self.new, paint)
    }

    /// The lines of the new text that are not in the old one, from 1; for annotations.
    pub fn new_lines(&self) -> Vec<usize> {
        let diff = diff(&self.old, &self.new);
        let changes = diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Insert);
        changes.filter_map(|change| Some(change.new_index()? + 1)).collect()
    }
}

fn diff<'t>(old: &'t str, new: &'t str) -> TextDiff<'t, 't, str> {
    // Anchors on lines that stand once in both: good hunks, and quick on large files.
    TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(old, new)
}

/// The unified diff of two texts with three lines of context.
pub fn unified(old_name: &str, new_name: &str, old: &str, new: &str, paint: Paint) -> String {
    let diff = diff(old, new);
    if paint == Paint::Plain {
        return diff.unified_diff().context_radius(3).header(old_name, new_name).to_string();
    }
    let mut out = format!("\x1b[1m--- {old_name}\x1b[0m\n\x1b[1m+++ {new_name}\x1b[0m\n");
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = writeln!(out, "\x1b[36m{}\x1b[0m", hunk.header());
        for op in hunk.ops() {
            for change in diff.iter_inline_changes(op) {
                let (sign, colour) = match change.tag() {
                    ChangeTag::Delete => ('-', "31"),
                    ChangeTag::Insert => ('+', "32"),
                    ChangeTag::Equal => (' ', ""),
                };
                line(&mut out, sign, colour, change.iter_strings_lossy());
            }
        }
    }
    out
}

fn line<'s>(
    out: &mut String,
    sign: char,
    colour: &str,
    parts: impl Iterator<Item = (bool, std::borrow::Cow<'s, str>)>,
) {
    let mut text = String::new();
    for (marked, part) in parts {
        let part = part.trim_end_matches(['\r', '\n']);
        if part.is_empty() {
            continue;
        }
        if marked && !colour.is_empty() {
            let _ = write!(text, "\x1b[7m{part}\x1b[27m");
        } else {
            text.push_str(part);
        }
    }
    if colour.is_empty() {
        let _ = writeln!(out, "{sign}{text}");
    } else {
        let _ = writeln!(out, "\x1b[{colour}m{sign}{text}\x1b[0m");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_on_a_terminal_only() {
        let plain = unified("a", "b", "x 1\n", "x 2\n", Paint::Plain);
        assert_eq!(plain, "--- a\n+++ b\n@@ -1 +1 @@\n-x 1\n+x 2\n");
        let painted = unified("a", "b", "x 1\n", "x 2\n", Paint::Terminal);
        assert!(painted.contains("\x1b[31m-x \x1b[7m1\x1b[27m\x1b[0m"), "{painted:?}");
    }
}
