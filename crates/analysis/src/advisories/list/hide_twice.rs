//! Of several `hide` lines of a file server, only the last counts.

use caddyctl_language::Version;

use crate::advisories::{Advisory, Check, Edit, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "hide-twice",
    aliases: &[],
    title: "Of several `hide` lines of a file server, only the last counts",
    repaired: Repaired::Adapter,
    first: None,
    fixed_in: Some(Version::new(2, 11, 7)),
    second_fact: None,
    absent: "no file server has several `hide` lines",
    witness: "a file of the first line: 200; from a repaired version 404",
    remedy: "write all names on one `hide` line",
    dated: "2026-11-30",
    edits: Some(edits),
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for directive in subject.directives() {
        let mut lines = directive.block.iter().filter(|line| line.is("hide"));
        if lines.next().is_some()
            && let Some(second) = lines.next()
        {
            found.push(subject.word(second.name.span));
        }
    }
}

/// All names on the first line.
fn edits(subject: &Subject) -> Vec<Edit> {
    let mut out = Vec::new();
    for directive in subject.directives() {
        let lines: Vec<_> =
            directive.block.iter().filter(|line| line.is("hide") && !line.args.is_empty()).collect();
        let [first, others @ ..] = lines.as_slice() else { continue };
        let Some(last) = first.args.last().filter(|_| !others.is_empty()) else { continue };
        let names = others.iter().flat_map(|line| line.args).map(|word| subject.written(word.span));
        let all: Vec<&str> = std::iter::once(subject.written(last.span)).chain(names).collect();
        out.push(Edit { span: last.span, replacement: all.join(" ") });
        for line in others {
            let end = line.args.last().map_or(line.name.span, |word| word.span);
            out.push(Edit { span: subject.line_of(line.name.span.to(end)), replacement: String::new() });
        }
    }
    out.sort_by_key(|edit| edit.span);
    out.dedup();
    out
}
