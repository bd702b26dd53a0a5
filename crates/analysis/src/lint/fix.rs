//! Carrying out the edits of findings: comments and layout stay, since nothing but the edited words is touched.

use std::collections::BTreeMap;

use caddyctl_language::diagnostics::{Applicability, Diagnostic, Edit};
use caddyctl_language::source::{FileId, SourceFile, Sources};

/// A file's text with edits carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// Of how many findings it has the edits.
    pub findings: usize,
}

/// Edits that lie apart, by where they start and end.
type Accepted<'a> = BTreeMap<(u32, u32), &'a Edit>;

/// Carries out what `findings` propose, file by file: the edits up to the applicability `most`. Files that stay as
/// they are do not come up.
///
/// The edits of one finding belong together: all of them are carried out, or none. Of findings whose edits overlap the
/// first in the text wins; what the others say is for a second run. An edit that two findings share is carried out
/// once. The value of a `{$VARIABLE}` is not written over its name.
pub fn fix<'a>(
    sources: &Sources,
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    most: Applicability,
) -> BTreeMap<FileId, Fixed> {
    let mut fixed: BTreeMap<FileId, (Accepted, usize)> = BTreeMap::new();
    for finding in findings {
        let Some(first) = finding.edits.first() else { continue };
        let file = first.span.file;
        let wanted = |edit: &Edit| {
            edit.span.file == file && edit.applicability <= most && is_literal(sources.file(file), edit)
        };
        if !finding.edits.iter().all(wanted) {
            continue;
        }
        let (accepted, count) = fixed.entry(file).or_default();
        if finding.edits.iter().all(|edit| fits(accepted, edit)) {
            accepted.extend(finding.edits.iter().map(|edit| ((edit.span.start, edit.span.end), edit)));
            *count += 1;
        }
    }
    fixed
        .into_iter()
        .filter(|(_, (_, count))| *count > 0)
        .map(|(file, (edits, findings))| {
            (file, Fixed { text: apply(sources.file(file).text(), &edits), findings })
        })
        .collect()
}

/// Whether an edit lies apart from all `accepted` ones, or is one of them.
fn fits(accepted: &Accepted, edit: &Edit) -> bool {
    let (start, end) = (edit.span.start, edit.span.end);
    if let Some(same) = accepted.get(&(start, end)) {
        return *same == edit;
    }
    let before = accepted.range(..(start, end)).next_back();
    let after = accepted.range((start, end)..).next();
    // Two insertions at one place have no order, so touching is overlapping when one of them is empty.
    let apart = |left: (u32, u32), right: (u32, u32)| {
        left.1 < right.0 || (left.1 == right.0 && left.0 < left.1 && right.0 < right.1)
    };
    before.is_none_or(|(&other, _)| apart(other, (start, end)))
        && after.is_none_or(|(&other, _)| apart((start, end), other))
}

/// Whether the edited text is what the user wrote, with no variable's value in it, and lies inside the file.
fn is_literal(file: &SourceFile, edit: &Edit) -> bool {
    let range = edit.span.range();
    file.text().get(range.clone()).is_some()
        && !file.replaced().iter().any(|r| r.written.start < range.end && range.start < r.written.end)
}

/// The text with `edits`, which do not overlap, carried out from the end.
fn apply(text: &str, edits: &Accepted) -> String {
    let mut out = text.to_owned();
    for edit in edits.values().rev() {
        let mut range = edit.span.range();
        if edit.replacement.is_empty() {
            range = widened(&out, range);
        }
        out.replace_range(range, &edit.replacement);
    }
    out
}

/// A deletion takes the blank before it along; when it empties its line, the whole line.
fn widened(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let before = text[..range.start].bytes().rev().take_while(is_blank).count();
    let after = text[range.end..].bytes().take_while(is_blank).count();
    let (start, end) = (range.start - before, range.end + after);
    let begins_line = start == 0 || text.as_bytes()[start - 1] == b'\n';
    let ends_line = text[end..].starts_with(['\n', '\r']) || end == text.len();
    match (begins_line, ends_line) {
        (true, true) => start..(end + text[end..].find('\n').map_or(text.len() - end, |at| at + 1)),
        (true, false) => range.start..end,
        (false, true) => start..range.end,
        (false, false) if after > 0 => start..range.end,
        (false, false) => range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caddyctl_language::diagnostics::{Code, Severity};
    use caddyctl_language::source::{Env, Span};

    const CODE: Code = Code::new("X999", "test");

    fn finding(file: FileId, edits: &[(usize, usize, &str, bool)]) -> Diagnostic {
        let span = |start, end| Span::new(file, start, end);
        edits.iter().fold(
            Diagnostic::new(CODE, Severity::Note, span(0, 0), "x"),
            |found, &(start, end, text, safe)| found.edit(span(start, end), text, safe),
        )
    }

    fn fixed(text: &str, findings: &[&[(usize, usize, &str, bool)]], also_unsafe: bool) -> Option<Fixed> {
        let mut sources = Sources::new();
        let file = sources.add("Caddyfile", text.as_bytes(), &Env::from_iter([("NAME", "value")]));
        let findings: Vec<_> = findings.iter().map(|edits| finding(file, edits)).collect();
        let most = if also_unsafe { Applicability::Unsafe } else { Applicability::Safe };
        fix(&sources, &findings, most).remove(&file)
    }

    #[test]
    fn edits_keep_what_is_around_them() {
        let text = "a # one\n\tb c # two\n";
        let found = fixed(text, &[&[(9, 10, "longer", true)], &[(0, 1, "x", true)]], false).unwrap();
        assert_eq!(found, Fixed { text: "x # one\n\tlonger c # two\n".into(), findings: 2 });
    }

    #[test]
    fn unsafe_edits_wait_to_be_asked_for() {
        let edits: &[&[_]] = &[&[(0, 1, "x", false)]];
        assert_eq!(fixed("a b", edits, false), None);
        assert_eq!(fixed("a b", edits, true).unwrap().text, "x b");
        // One unsafe edit makes the whole finding unsafe.
        assert_eq!(fixed("a b", &[&[(0, 1, "x", true), (2, 3, "y", false)]], false), None);
    }

    #[test]
    fn no_run_carries_out_a_guess() {
        let mut sources = Sources::new();
        let file = sources.add("Caddyfile", b"a b".as_slice(), &Env::empty());
        let found = Diagnostic::new(CODE, Severity::Error, Span::new(file, 0, 1), "x");
        let found = found.edit(Span::new(file, 0, 1), "c", Applicability::Guess);
        for most in [Applicability::Safe, Applicability::Unsafe] {
            assert!(fix(&sources, [&found], most).is_empty());
        }
        assert_eq!(fix(&sources, [&found], Applicability::Guess)[&file].text, "c b");
    }

    #[test]
    fn the_first_of_overlapping_findings_wins_as_a_whole() {
        let found = fixed(
            "one two three",
            &[&[(0, 7, "x", true)], &[(4, 7, "y", true), (8, 13, "z", true)], &[(0, 7, "x", true)]],
            false,
        )
        .unwrap();
        assert_eq!(found, Fixed { text: "x three".into(), findings: 2 });
        let found = fixed("ab", &[&[(1, 1, "x", true)], &[(1, 1, "y", true)], &[(1, 2, "z", true)]], false);
        assert_eq!(found.unwrap().text, "axb");
    }

    #[test]
    fn deletions_leave_no_blanks_behind() {
        assert_eq!(fixed("a\n\tb c\nd\n", &[&[(3, 6, "", true)]], false).unwrap().text, "a\nd\n");
        assert_eq!(fixed("\tb c {\n", &[&[(3, 4, "", true)]], false).unwrap().text, "\tb {\n");
        assert_eq!(fixed("\tb c\r\n", &[&[(3, 4, "", true)]], false).unwrap().text, "\tb\r\n");
        assert_eq!(fixed("\tb c", &[&[(1, 2, "", true)]], false).unwrap().text, "\tc");
        assert_eq!(fixed("b", &[&[(0, 1, "", true)]], false).unwrap().text, "");
    }

    #[test]
    fn a_variable_keeps_its_name() {
        assert_eq!(fixed("a {$NAME} b", &[&[(2, 9, "x", true)]], false), None);
        assert_eq!(fixed("a {$NAME} b", &[&[(10, 11, "x", true)]], false).unwrap().text, "a {$NAME} x");
    }
}
