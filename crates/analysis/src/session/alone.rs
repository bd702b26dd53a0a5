//! A site without the others.

use super::{Base, Change, Session, Stages};
use caddyctl_language::compile::{Compilation, compile};
use caddyctl_language::config::{MatcherSet, Value};
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::{FileId, Sources, Span};

/// What came of one site with the definitions of its file.
pub(super) struct Alone {
    pub(super) stages: Stages,
    /// What other sites may meet, also of a site with errors; `None` when it is not known.
    shared: Option<Shared>,
    /// The texts of the addresses.
    keys: Vec<String>,
    /// How often each snippet is imported.
    uses: Vec<usize>,
    /// Whether it imports anything. Rules look at what sites with errors import in another way, for all sites.
    has_imports: bool,
}

/// What a site has, apart from what its routes do.
#[derive(PartialEq)]
struct Shared {
    settings: Value,
    hosts: Vec<Vec<MatcherSet>>,
}

impl Session<'_> {
    /// What comes of the site `number` of `base` in `text`, which differs from the base's by `change`. `None` when it
    /// is not one site by itself.
    pub(super) fn alone(&self, base: &Base, text: &str, number: usize, change: &Change) -> Option<Alone> {
        let compilation = compile(&self.name, &only(base, text, number, change), self.env, self.loader);
        let is_site = |block: &&Block| block.kind == BlockKind::Site && !block.keys.is_empty();
        let mut sites = compilation.blocks.iter().filter(is_site);
        let (Some(site), None) = (sites.next(), sites.next()) else { return None };
        let mut stages = Stages::of(&compilation, &base.keys).without_layout();
        rename(&mut stages, &compilation.sources, &base.sources)?;
        Some(Alone {
            stages,
            shared: Shared::of(&compilation),
            keys: site.keys.iter().map(|key| key.text.to_string()).collect(),
            has_imports: compilation.sources.iter().count() > 1
                || compilation.snippets.iter().any(|snippet| snippet.uses > 0),
            uses: compilation.snippets.iter().map(|snippet| snippet.uses).collect(),
        })
    }
}

impl Alone {
    /// Whether `after` makes no difference to other sites.
    pub(super) fn fits(&self, after: &Self) -> bool {
        if !after.stages.is_ok && (self.has_imports || after.has_imports) {
            return false;
        }
        let is_shared = self.shared.is_some() && self.shared == after.shared;
        is_shared && self.keys == after.keys && self.uses == after.uses
    }
}

impl Shared {
    fn of(compilation: &Compilation) -> Option<Self> {
        let config = compilation.checkable()?;
        let servers = config.apps.http.iter().flat_map(|http| http.servers.values());
        let routes = servers.flat_map(|server| &server.routes);
        Some(Self {
            settings: caddyctl_language::config::settings(config),
            hosts: routes.map(|route| route.matchers.clone()).collect(),
        })
    }
}

/// The text with every other site turned into a comment of the same length.
fn only(base: &Base, text: &str, number: usize, change: &Change) -> Vec<u8> {
    let mut out = text.as_bytes().to_vec();
    for (_, site) in base.sites.iter().enumerate().filter(|(other, _)| *other != number) {
        let (start, end) = (change.moved(site.extent.start), change.moved(site.extent.end));
        out[start..end].fill(b' ');
        out[start] = b'#';
        out[end - 1] = b'\n';
    }
    out
}

/// Gives the findings' spans the files' numbers in `to`; `None` when a file is not there.
fn rename(stages: &mut Stages, from: &Sources, to: &Sources) -> Option<()> {
    let number = |name: &str| to.iter().find(|(_, file)| file.name() == name).map(|(id, _)| id);
    let ids: Vec<FileId> = from.iter().map(|(_, file)| number(file.name())).collect::<Option<_>>()?;
    if ids.iter().zip(from.iter()).all(|(new, (old, _))| *new == old) {
        return Some(());
    }
    let renamed = |span: Span| {
        let place = from.iter().position(|(id, _)| id == span.file);
        Span { file: place.map_or(span.file, |place| ids[place]), ..span }
    };
    for found in stages.compile.iter_mut().chain(&mut stages.check).chain(&mut stages.lint) {
        each_span(found, renamed);
    }
    Some(())
}

/// Changes every span of a finding.
pub(super) fn each_span(found: &mut Diagnostic, change: impl Fn(Span) -> Span) {
    let labels = found.primary.iter_mut().chain(&mut found.secondary).map(|label| &mut label.span);
    let edits = found.edits.iter_mut().map(|edit| &mut edit.span);
    for span in labels.chain(edits).chain(found.trail.iter_mut().map(|frame| &mut frame.span)) {
        *span = change(*span);
    }
}
