//! From the findings of a whole text to those of the text with one site changed.

use std::ops::Range;

use super::alone::each_span;
use super::{Change, Stages};
use crate::lint;
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::{FileId, Span};

/// The findings of the new text: those of the `whole` old one, without what only the site as it was `before` brings,
/// with what only the site `after` the change brings. `None` when it is not known.
pub(super) fn carry_over(
    whole: &Stages,
    before: &Stages,
    after: &Stages,
    site: &Range<usize>,
    change: &Change,
) -> Option<Stages> {
    let carry =
        |whole: &[Diagnostic], before: &[Diagnostic], after: &[Diagnostic], is_reported_once: Once| {
            stage(whole, before, after, site, change, is_reported_once)
        };
    let lint = carry(&whole.lint, &before.lint, &after.lint, lint::is_reported_once)?;
    let check = if after.is_ok {
        carry(&whole.check, &before.check, &after.check, is_note)?
    } else {
        // Of a text with errors only further errors are reported, and where they stand may depend on other sites.
        let errors =
            |all: &[Diagnostic]| all.iter().filter(|found| found.is_error()).cloned().collect::<Vec<_>>();
        carry(&errors(&whole.check), &errors(&before.check), &after.check, |_| true)?
    };
    let compile: Vec<_> =
        whole.compile.iter().filter(|found| found.code != Code::UNFORMATTED).cloned().collect();
    let compile = carry(&compile, &before.compile, &after.compile, |_| false)?;
    Some(Stages { is_ok: after.is_ok, compile, check, lint })
}

/// Whether a finding is reported for the first of several places only.
type Once = fn(&Diagnostic) -> bool;

/// What was not looked at is reported once.
fn is_note(found: &Diagnostic) -> bool {
    found.severity == Severity::Note
}

fn stage(
    whole: &[Diagnostic],
    before: &[Diagnostic],
    after: &[Diagnostic],
    site: &Range<usize>,
    change: &Change,
    is_reported_once: Once,
) -> Option<Vec<Diagnostic>> {
    let mut added: Vec<&Diagnostic> = after.iter().collect();
    let mut removed = Vec::new();
    for found in before {
        let same = moved(found, change).and_then(|moved| added.iter().position(|new| **new == moved));
        match same {
            Some(place) => drop(added.swap_remove(place)),
            None => removed.push(found),
        }
    }
    let new_site = site.start..change.moved(site.end);
    let is_inside = |found: &Diagnostic, site: &Range<usize>| {
        found.primary.as_ref().is_some_and(|label| lies_in(label.span, site)) && !is_reported_once(found)
    };
    if !removed.iter().all(|found| is_inside(found, site))
        || !added.iter().all(|new| is_inside(new, &new_site))
    {
        return None;
    }
    let mut out = Vec::with_capacity(whole.len() + added.len());
    for found in whole {
        if let Some(place) = removed.iter().position(|gone| *gone == found) {
            removed.swap_remove(place);
            continue;
        }
        // What the site brings only together with others is not known to have stayed.
        let touches = found.primary.as_ref().is_some_and(|label| lies_in(label.span, site));
        if touches && !before.contains(found) {
            return None;
        }
        out.push(moved(found, change)?);
    }
    out.extend(added.into_iter().cloned());
    removed.is_empty().then_some(out)
}

fn lies_in(span: Span, site: &Range<usize>) -> bool {
    span.file == FileId::default() && site.start <= span.start as usize && span.end as usize <= site.end
}

/// The finding with its places in the new text; `None` when the change is in one of them.
fn moved(found: &Diagnostic, change: &Change) -> Option<Diagnostic> {
    let is_hit = std::cell::Cell::new(false);
    let mut found = found.clone();
    each_span(&mut found, |span| {
        let (start, end) = (span.start as usize, span.end as usize);
        if span.file != FileId::default() || end <= change.old.start && start < change.old.start {
            return span;
        }
        if start < change.old.end || start <= change.old.start {
            is_hit.set(true);
            return span;
        }
        Span::new(span.file, change.moved(start), change.moved(end))
    });
    (!is_hit.get()).then_some(found)
}
