//! The text diff: every source file that differs, in hunks. Secrets are hidden line by line, after the comparison, so
//! that a changed one is still a changed line.

use std::collections::BTreeMap;

use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff, group_diff_ops};

use super::fields::Show;
use super::hunk::{Hunk, Line, TextChange};
use super::side::Side;
use caddyctl_language::source::secrets;

/// Lines around a change.
const CONTEXT: usize = 3;

/// What may be shown of a line, by its number from 0 and its text.
type Shown<'t> = Box<dyn Fn(usize, &str) -> String + 't>;

/// The text of one side: its lines, to compare, and what may be shown of each.
struct Text<'t> {
    lines: Vec<&'t str>,
    shown: Shown<'t>,
}

impl<'t> Text<'t> {
    /// A Caddyfile or the like.
    fn source(text: &'t str, show: Show) -> Self {
        // Whether a word is a secret may depend on the lines above it.
        let hidden = if show.secrets { Vec::new() } else { secrets::hide_lines(text) };
        let shown =
            move |number: usize, line: &str| hidden.get(number).cloned().unwrap_or_else(|| line.to_owned());
        Self { lines: text.split_inclusive('\n').collect(), shown: Box::new(shown) }
    }

    /// A text whose `hidden` form has the same lines.
    fn with_hidden(text: &'t str, hidden: &'t str) -> Self {
        let hidden: Vec<&str> = hidden.lines().collect();
        let shown = move |number: usize, _: &str| hidden.get(number).copied().unwrap_or("").to_owned();
        Self { lines: text.split_inclusive('\n').collect(), shown: Box::new(shown) }
    }

    fn line(&self, tag: ChangeTag, number: usize) -> Line {
        let line = self.lines[number];
        let text = line.strip_suffix('\n').unwrap_or(line);
        Line {
            tag,
            number: number + 1,
            text: (self.shown)(number, text),
            partner: None,
            unfinished: !line.ends_with('\n'),
        }
    }
}

/// The files of both sides that differ. The main files are a pair whatever their names; imported files are pairs by
/// their names as seen from the main file.
pub(crate) fn changes(old: &Side, new: &Side, show: Show) -> Vec<TextChange> {
    let (before, after) = (files(old), files(new));
    let mut changes = Vec::new();
    if !before.is_empty() && !after.is_empty() {
        let mut keys: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        changes.extend(keys.into_iter().filter_map(|key| file(before.get(key), after.get(key), show)));
    }
    changes.extend(file(drop_in(old).as_ref(), drop_in(new).as_ref(), show));
    changes
}

fn drop_in(side: &Side) -> Option<(&str, &str)> {
    side.drop_in.as_ref().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// The files of a side, name and text, by a name that means the same on both sides.
fn files(side: &Side) -> BTreeMap<&str, (&str, &str)> {
    let main = side.sources.iter().next().map_or("", |(_, file)| file.name());
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let files = side.sources.iter().enumerate().map(|(number, (_, file))| {
        let name = file.name();
        let inside = name.strip_prefix(folder).map_or(name, |rest| rest.trim_start_matches('/'));
        let key = if number == 0 { "" } else { inside.trim_start_matches("./") };
        (key, (name, file.text()))
    });
    files.collect()
}

fn file(old: Option<&(&str, &str)>, new: Option<&(&str, &str)>, show: Show) -> Option<TextChange> {
    if old.map(|(_, text)| text) == new.map(|(_, text)| text) {
        return None;
    }
    let (before, after) = (old.map_or("", |(_, text)| text), new.map_or("", |(_, text)| text));
    let hunks = hunks(&Text::source(before, show), &Text::source(after, show));
    let name = |file: Option<&(&str, &str)>| file.map(|(name, _)| (*name).to_owned());
    Some(TextChange { old_name: name(old), new_name: name(new), hunks })
}

/// What differs between two texts that are known by `old_name` and `new_name`, each given with the form that is shown,
/// line for line.
pub fn shown_otherwise(
    (old_name, old, old_shown): (&str, &str, &str),
    (new_name, new, new_shown): (&str, &str, &str),
) -> TextChange {
    let (before, after) = (Text::with_hidden(old, old_shown), Text::with_hidden(new, new_shown));
    TextChange {
        old_name: Some(old_name.to_owned()),
        new_name: Some(new_name.to_owned()),
        hunks: hunks(&before, &after),
    }
}

fn hunks(old: &Text, new: &Text) -> Vec<Hunk> {
    let (a, b) = (&old.lines, &new.lines);
    // Most of two versions is the same at both ends: what lies between is all that has to be compared with care.
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let rest = a.len().min(b.len()) - head;
    let tail = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (a.len() - tail, b.len() - tail);
    let mut ops = vec![DiffOp::Equal { old_index: 0, new_index: 0, len: head }];
    // Anchors on lines that stand once in both make good hunks.
    ops.extend(capture_diff(Algorithm::Patience, a, head..old_end, b, head..new_end));
    ops.push(DiffOp::Equal { old_index: old_end, new_index: new_end, len: tail });
    ops.retain(|op| !op.old_range().is_empty() || !op.new_range().is_empty());
    group_diff_ops(ops, CONTEXT).iter().map(|ops| hunk(old, new, ops)).collect()
}

fn hunk(old: &Text, new: &Text, ops: &[DiffOp]) -> Hunk {
    let mut lines = Vec::new();
    for op in ops {
        let first = lines.len();
        if let DiffOp::Equal { .. } = op {
            lines.extend(op.new_range().map(|number| new.line(ChangeTag::Equal, number)));
            continue;
        }
        let (gone, come) = (op.old_range(), op.new_range());
        let pairs = if gone.len() == come.len() { gone.len() } else { 0 };
        let added = first + gone.len();
        lines.extend(gone.map(|number| old.line(ChangeTag::Delete, number)));
        lines.extend(come.map(|number| new.line(ChangeTag::Insert, number)));
        for pair in 0..pairs {
            lines[first + pair].partner = Some(added + pair);
            lines[added + pair].partner = Some(first + pair);
        }
    }
    Hunk { header: UnifiedHunkHeader::new(ops).to_string(), lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(old: &str, new: &str) -> String {
        let text = |text| Text::source(text, Show::default());
        let hunks = hunks(&text(old), &text(new));
        let lines = hunks.iter().flat_map(|hunk| {
            let lines = hunk.lines.iter().map(|line| format!("{:?} {} {}", line.tag, line.number, line.text));
            std::iter::once(hunk.header.clone()).chain(lines)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_changed_secret_is_a_changed_line() {
        assert_eq!(
            print("a\napi_token one\n", "a\napi_token two\n"),
            "@@ -1,2 +1,2 @@\nEqual 1 a\nDelete 2 api_token <hidden>\nInsert 2 api_token <hidden>"
        );
    }

    #[test]
    fn lines_are_numbered_in_the_whole_text() {
        let many: String = (0..1000).map(|n| format!("{n}\n")).collect();
        let found = print(&many, &many.replace("\n500\n", "\nother\n"));
        assert!(found.starts_with("@@ -498,7 +498,7 @@\nEqual 498 497\n"), "{found}");
        assert!(found.contains("Delete 501 500\nInsert 501 other\n"), "{found}");
    }
}
