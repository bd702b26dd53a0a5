//! Which lines of a Caddyfile belong together: directives with their blocks, and the blocks around a line.

use std::ops::RangeInclusive;

use super::Part;
use crate::source::secrets::{is_secret_name, lines};
use crate::source::{Replaced, SourceFile};

/// The lines of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    lines: Vec<Line>,
    text: Vec<String>,
}

#[derive(Clone, Debug)]
struct Line {
    /// Its first and last line in the file, from 1.
    first: usize,
    last: usize,
    /// Where its block ends.
    end: usize,
    parent: Option<usize>,
    part: Part,
}

impl Outline {
    /// That of `text`.
    pub(crate) fn of(text: &str) -> Self {
        let starts: Vec<usize> =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let number = |at: usize| starts.partition_point(|start| *start <= at);
        let mut outline = Self { lines: Vec::new(), text: without_variables(text) };
        let mut open: Vec<usize> = Vec::new();
        for line in lines::lines(text).iter().filter(|line| !line.is_comment) {
            let (Some(first), Some(last)) = (line.words.first(), line.words.last()) else { continue };
            let head = &text[first.range.clone()];
            let (start, end) = (number(first.range.start), number(last.range.end.saturating_sub(1)));
            if let Some(opened) = if head == "}" { open.pop() } else { None } {
                outline.lines[opened].end = end;
            }
            let opens = &text[last.range.clone()] == "{";
            let parent = open.last().copied();
            let is_matcher = head.starts_with('@') || head == "import";
            let part = match parent {
                _ if is_matcher => Part::Shared,
                Some(parent) if outline.lines[parent].part == Part::Shared => Part::Shared,
                // The first line of a file without braces is the address of its only site.
                None if (opens && line.words.len() > 1) || outline.lines.is_empty() => Part::Address,
                None if head.ends_with(',') || (!opens && head != "}") => Part::Address,
                _ => Part::Directive,
            };
            if opens {
                open.push(outline.lines.len());
            }
            outline.lines.push(Line { first: start, last: end, end, parent, part });
        }
        let total = outline.text.len();
        for opened in open {
            outline.lines[opened].end = total;
        }
        outline
    }

    /// The directive on a line: the last that begins on it or before it, and reaches it.
    fn at(&self, line: usize) -> Option<usize> {
        let after = self.lines.partition_point(|one| one.first <= line);
        (0..after).rev().take(64).find(|number| self.lines[*number].last >= line).or(after.checked_sub(1))
    }

    /// What a variable on a line is part of.
    pub(crate) fn part(&self, line: usize) -> Part {
        self.at(line).map_or(Part::Shared, |number| self.lines[number].part)
    }

    /// The lines that matter for what is reported about `line`: the directive with its block, and what opens the blocks
    /// around it, without the site's address.
    pub(crate) fn around(&self, line: usize) -> Vec<RangeInclusive<usize>> {
        let Some(number) = self.at(line) else { return Vec::new() };
        let own = &self.lines[number];
        let end = if own.part == Part::Address { own.last } else { own.end };
        let mut all = vec![own.first..=end.max(own.last)];
        let mut parent = own.parent;
        while let Some(number) = parent {
            let line = &self.lines[number];
            if line.part != Part::Address {
                all.push(line.first..=line.last);
            }
            parent = line.parent;
        }
        all
    }

    /// What is written on some lines, without variables.
    pub(crate) fn written(&self, lines: RangeInclusive<usize>) -> String {
        let (start, end) = (lines.start().saturating_sub(1), (*lines.end()).min(self.text.len()));
        self.text.get(start..end).unwrap_or_default().join("\n") + "\n"
    }
}

/// The lines of a text with each `{$…}` left out.
fn without_variables(text: &str) -> Vec<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{$") {
        let end = rest[open..].find('}').map_or(rest.len(), |end| open + end + 1);
        out.push_str(&rest[..open]);
        // No word may come together across it.
        out.push('\u{1}');
        out.extend(rest[open..end].matches('\n'));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out.split('\n').map(str::to_owned).collect()
}

/// Whether the value of a variable must not be shown: that of the environment, or a default of a secret.
pub(crate) fn is_hidden(one: &Replaced) -> bool {
    !one.value.is_empty() && (one.is_set || (!one.unset && is_secret_name(&one.name)))
}

/// The word around a variable: with all values, and as it is written.
pub(crate) fn word(file: &SourceFile, one: &Replaced) -> (String, String) {
    let (parsed, written) = (file.parsed_text(), file.text());
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '`');
    // Letters before and behind are the same in both texts but for other variables in the same word.
    let before = &written[..one.written.start];
    let start = before.char_indices().rfind(|(_, c)| is_end(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let end = written[one.written.end..].find(is_end).map_or(written.len(), |at| one.written.end + at);
    let near: Vec<&Replaced> = file
        .replaced()
        .iter()
        .filter(|other| other.written.start >= start && other.written.end <= end)
        .collect();
    let mut real = String::new();
    let mut shown = String::new();
    let mut at = start;
    for other in near {
        let before = &written[at..other.written.start];
        real.push_str(before);
        shown.push_str(before);
        real.push_str(&parsed[other.value.clone()]);
        if is_hidden(other) {
            shown.push_str(&format!("{{${}}}", other.name));
        } else {
            shown.push_str(&parsed[other.value.clone()]);
        }
        at = other.written.end;
    }
    let tail = written.get(at..end).unwrap_or("");
    (real + tail, shown + tail)
}
