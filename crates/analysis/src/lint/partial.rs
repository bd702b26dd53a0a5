//! Texts with errors, or with words of plugins: which sites are whole, and what can be said of the others.

use rustc_hash::FxHashSet;

use super::rules;
use super::seen::Lint;
use super::tree::Directive;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Code, Diagnostic, Subject};
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::{FileId, Span};

/// The sites that rules cannot see in whole, because a directive is unknown or has an error.
pub(super) struct Partial<'a> {
    /// The words of these sites.
    words: FxHashSet<Span>,
    /// The first address of each.
    sites: Vec<&'a Block>,
    /// The directives with errors, from their first word to their last.
    directives: Vec<Span>,
    /// Whether an import is missing, which may define or use anything.
    lacks_import: bool,
}

impl<'a> Partial<'a> {
    /// What is partial in `compilation`; `None` if it compiles, so that everything is there.
    /// With `lint` also the directives with errors are looked for.
    pub(super) fn of(compilation: &'a Compilation, lint: Option<&Lint>) -> Option<Self> {
        if compilation.is_ok() {
            return None;
        }
        let errors = || compilation.diagnostics.iter().filter(|found| found.is_error());
        let mut places: Vec<(FileId, u32)> = Vec::new();
        let mut spans: FxHashSet<Span> = FxHashSet::default();
        for error in errors() {
            let Some(label) = &error.primary else { continue };
            spans.insert(label.span);
            places.push((label.span.file, label.span.start));
            if error.subject == Subject::MissingImport {
                places.extend(error.secondary.iter().map(|other| (other.span.file, other.span.start)));
            }
            places.extend(error.trail.iter().map(|frame| (frame.span.file, frame.span.start)));
        }
        places.sort_unstable();
        let mut partial = Self {
            words: FxHashSet::default(),
            sites: Vec::new(),
            directives: lint.map(|lint| with_errors(lint, &places)).unwrap_or_default(),
            lacks_import: errors().any(|error| error.subject == Subject::MissingImport),
        };
        for (number, block) in compilation.blocks.iter().enumerate() {
            let words = || block.segments.iter().flatten();
            let next = compilation.blocks.get(number + 1).filter(|next| next.span.file == block.span.file);
            let end = next.map_or(u32::MAX, |next| next.span.start);
            let start = places.partition_point(|place| *place < (block.span.file, block.span.start));
            let has_place = places.get(start).is_some_and(|(file, at)| *file == block.span.file && *at < end);
            if has_place || words().any(|word| spans.contains(&word.span)) {
                partial.words.extend(block.keys.iter().chain(words()).map(|word| word.span));
                if block.kind == BlockKind::Site && !block.keys.is_empty() {
                    partial.sites.push(block);
                }
            }
        }
        Some(partial)
    }

    /// Whether what a rule found is surely so: not in a directive with an error, nor because of one, and not because of
    /// something that may be in the part of a site that nobody can see.
    pub(super) fn keeps(&self, finding: &Diagnostic) -> bool {
        let Some(label) = &finding.primary else { return true };
        let mut places = std::iter::once(label).chain(&finding.secondary);
        if places.any(|label| self.directives.iter().any(|directive| lies_in(label.span, *directive))) {
            return false;
        }
        let needs_all = rules::NEED_ALL.contains(&finding.code);
        let needs_words = rules::NEED_WORDS.contains(&finding.code);
        !((needs_all && self.words.contains(&label.span))
            || ((needs_all || needs_words) && self.lacks_import))
    }
}

fn lies_in(span: Span, around: Span) -> bool {
    span.file == around.file && around.start <= span.start && span.end <= around.end
}

/// Directives are looked for this far before an error.
const NEAR: usize = 64;

/// The innermost directives that hold `places`, which are sorted.
fn with_errors(lint: &Lint, places: &[(FileId, u32)]) -> Vec<Span> {
    let mut all: Vec<Span> = lint
        .levels
        .all
        .iter()
        .flat_map(|level| &level.directives)
        .map(|directive| extent(directive))
        .collect();
    all.sort_unstable_by_key(|span| (span.file, span.start, std::cmp::Reverse(span.end)));
    all.dedup();
    let mut found: Vec<Span> = Vec::new();
    for (file, at) in places {
        let end = all.partition_point(|span| (span.file, span.start) <= (*file, *at));
        let near = all[..end].iter().rev().take(NEAR);
        let innermost = near.into_iter().find(|span| span.file == *file && *at < span.end);
        found.extend(innermost.filter(|span| found.last() != Some(span)));
    }
    found
}

/// From the first word of a directive to the last of its block, as far as they are in one file.
fn extent(directive: &Directive) -> Span {
    let first = directive.name.span;
    let words = directive.walk().flat_map(|line| std::iter::once(line.name).chain(line.args));
    let ends =
        words.map(|word| word.span).filter(|span| span.file == first.file && span.start >= first.start);
    Span { end: ends.map(|span| span.end).max().unwrap_or(first.end), ..first }
}

/// What rules did not look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Whether they looked at nothing: braces or limits are at fault, so that nobody knows what belongs where.
    pub is_all: bool,
    /// The rules that need a whole site.
    pub rules: Vec<Code>,
    /// The first addresses of the sites that these rules skipped.
    pub sites: Vec<(String, Span)>,
}

/// What rules did not look at; `None` if they looked at everything.
pub fn skipped(compilation: &Compilation) -> Option<Skipped> {
    let partial = Partial::of(compilation, None)?;
    if compilation.checkable().is_none() {
        return Some(Skipped { is_all: true, ..Skipped::default() });
    }
    let site = |block: &&Block| {
        let key = block.keys.first()?;
        Some((key.text.to_string(), key.span))
    };
    let sites: Vec<_> = partial.sites.iter().filter_map(site).collect();
    (!sites.is_empty()).then(|| Skipped { is_all: false, rules: rules::NEED_ALL.to_vec(), sites })
}
