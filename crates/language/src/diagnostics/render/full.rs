//! For people: each fault with its source, labels, helps and the imports that brought it, drawn as rustc draws its
//! own.

mod window;

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Patch, Renderer};

use window::Window;

use super::place::Place;
use super::{Report, summary};
use crate::diagnostics::{Diagnostic, Edit, Frame, Label, Severity};
use crate::source::shown::{self, Excerpt};
use crate::source::{FileId, Sources};

/// So many imports of a trail are shown, from the innermost; the rest is counted.
const FRAMES: usize = 6;

/// So much text is written at most (bytes). A file may have thousands of errors on one long line, each with that line.
const MOST: usize = 1 << 20;

/// All faults, each followed by an empty line, and the summary line. `colour` asks for ANSI colours and links. What would make
/// more than 1 MiB is counted.
pub fn render(reports: &[Report], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let (mut out, mut rest) = (String::new(), 0);
    for report in reports {
        for found in report.diagnostics {
            if out.len() > MOST {
                rest += 1;
                continue;
            }
            out.push_str(&renderer.render(&groups(found, report)));
            out.push_str("\n\n");
        }
    }
    if rest > 0 {
        out += &format!(
            "note: {rest} more findings are not shown; `caddyctl validate --format concise` lists all of them\n\n"
        );
    }
    out.push_str(&summary::line(reports));
    out.push('\n');
    out
}

/// The parts of one fault: what and where, the edit that fixes it, and the trail of imports.
fn groups<'a>(found: &'a Diagnostic, report: &Report<'a>) -> Vec<Group<'a>> {
    let suggestion = suggestion(found, report.sources);
    let helps = if suggestion.is_some() && is_about_the_edits(found) { &[] } else { found.helps.as_slice() };
    let mut groups = vec![fault(found, report, helps)];
    groups.extend(suggestion);
    groups.extend(found.trail.iter().take(FRAMES).map(|frame| import(frame, report.sources)));
    if found.trail.len() > FRAMES {
        let more = found.trail.len() - FRAMES;
        groups
            .push(Group::with_title(Level::NOTE.secondary_title(format!("and {more} imports further out"))));
    }
    groups
}

fn fault<'a>(found: &'a Diagnostic, report: &Report<'a>, helps: &'a [String]) -> Group<'a> {
    let sources = report.sources;
    let mut title = level(found.severity).primary_title(shown::line(&found.message)).id(found.code.id);
    if let Some(page) = found.code.docs() {
        title = title.id_url(page);
    }
    let helps = helps.iter().map(|help| Level::HELP.message(shown::line(help)));
    let Some(primary) = &found.primary else {
        return title.element(Origin::path(shown::line(report.shown()))).elements(helps);
    };
    // The primary place's file comes first, then the others in the order in which they were read.
    let mut labels: BTreeMap<(bool, FileId), Vec<Labelled>> = BTreeMap::new();
    let here = primary.span.file;
    labels.entry((false, here)).or_default().push((AnnotationKind::Primary, primary));
    for label in &found.secondary {
        let file = label.span.file;
        labels.entry((file != here, file)).or_default().push((AnnotationKind::Context, label));
    }
    title.elements(labels.values().flat_map(|labels| excerpt(sources, labels))).elements(helps)
}

/// A label, and whether it is the fault itself or context.
type Labelled<'a> = (AnnotationKind, &'a Label);

/// The lines of one file that carry labels.
fn excerpt<'a>(sources: &'a Sources, labels: &[Labelled<'a>]) -> Vec<Element<'a>> {
    let places: Vec<Place> = labels.iter().map(|(_, label)| Place::of(sources, label.span)).collect();
    let parts = window::together(&places).into_iter();
    let part = |part: Vec<usize>| part.into_iter().map(|index| (&places[index], labels[index])).unzip();
    parts.map(part).flat_map(|(places, labels): (Vec<_>, Vec<_>)| lines(&places, &labels)).collect()
}

/// The lines from the first to the last of some labels of one file.
fn lines<'a>(places: &[&Place<'a>], labels: &[Labelled<'a>]) -> Vec<Element<'a>> {
    let window = Window::around(places);
    if window.is_long() {
        let named = places.iter().map(|place| window.origin(place).into());
        let texts = labels.iter().map(|(_, label)| shown::line(&label.text)).filter(|text| !text.is_empty());
        return named.chain(texts.map(|text| Level::NOTE.message(text).into())).collect();
    }
    let annotations = places.iter().zip(labels).map(|(place, (kind, label))| {
        let text = Some(shown::line(&label.text)).filter(|text| !text.is_empty());
        kind.span(window.inside(&place.range)).label(text)
    });
    vec![window.snippet().annotations(annotations).into()]
}

/// Whether the only help stands over the edits, rather than by itself.
fn is_about_the_edits(found: &Diagnostic) -> bool {
    found.helps.len() == 1 && !found.edits.is_empty()
}

/// The edits as a small patch. All of them together fix one error, so they are shown as one; edits to another file
/// than the first's are left to `--fix`.
fn suggestion<'a>(found: &'a Diagnostic, sources: &'a Sources) -> Option<Group<'a>> {
    let file = found.edits.first()?.span.file;
    let edits: Vec<&Edit> = found.edits.iter().filter(|edit| edit.span.file == file).collect();
    let places: Vec<Place> = edits.iter().map(|edit| Place::exactly(sources, edit.span)).collect();
    let mut snippets = Vec::new();
    for part in window::together(&places) {
        let window = Window::around(&part.iter().map(|index| &places[*index]).collect::<Vec<_>>());
        if window.is_long() {
            return None;
        }
        let patch = |index: usize| {
            Patch::new(
                window.inside(&places[index].range),
                Excerpt::new(edits[index].replacement.as_str().into()).text,
            )
        };
        snippets.push(window.snippet().patches(part.into_iter().map(patch)));
    }
    let title = match found.helps.first() {
        Some(help) if is_about_the_edits(found) => shown::line(help),
        _ if edits.iter().all(|edit| edit.is_safe()) => "try this".into(),
        _ => "this may be what you want".into(),
    };
    Some(Level::HELP.secondary_title(title).elements(snippets))
}

/// One step of the trail.
fn import<'a>(frame: &'a Frame, sources: &'a Sources) -> Group<'a> {
    let title = Level::NOTE.secondary_title(format!("{} imported here", shown::line(&frame.what)));
    let place = Place::of(sources, frame.span);
    let window = Window::around(&[&place]);
    if window.is_long() {
        return title.element(window.origin(&place));
    }
    let annotation = AnnotationKind::Primary.span(window.inside(&place.range));
    title.element(window.snippet().annotation(annotation))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}
