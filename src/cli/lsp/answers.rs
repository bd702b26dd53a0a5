//! What `caddyctl_analysis::editor` says, as the protocol has it.

use std::path::{Path, PathBuf};

use caddyctl_analysis::editor::{self, Kind, Sort, Symbol, Target, Tree};
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{SourceFile, Sources, shown};
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, Contents, DocumentSymbol, Documentation, FoldingRange, Hover,
    Location, MarkupContent, MarkupKind, SymbolKind, TextEdit,
};

use super::analysis::Analysis;
use super::documents::uri_of;
use super::encoding::Encoding;

/// What may be written at `offset`.
pub fn completions(
    known: &Registry,
    analysis: &Analysis,
    path: &Path,
    text: &str,
    offset: usize,
    encoding: Encoding,
) -> Vec<CompletionItem> {
    let imported = analysis.snippets(path).into_iter().filter(|(_, file, _)| !analysis.is_outside(file));
    let snippets: Vec<String> = imported.map(|(name, ..)| name.to_owned()).collect();
    let offers = editor::complete(known, text, offset, &snippets);
    let item = |(number, offer): (usize, editor::Completion)| CompletionItem {
        kind: Some(match offer.sort {
            Sort::Word => CompletionItemKind::Keyword,
            Sort::Module => CompletionItemKind::Module,
            Sort::Value => CompletionItemKind::Value,
            Sort::Name => CompletionItemKind::Reference,
            Sort::Placeholder => CompletionItemKind::Variable,
        }),
        detail: (!offer.detail.is_empty()).then(|| shown::line(&offer.detail).into_owned()),
        // The order of the tables is the order in which things are thought of.
        sort_text: Some(format!("{number:04}")),
        text_edit: Some(
            TextEdit { range: encoding.range(text, &offer.replaces), new_text: offer.text.clone() }.into(),
        ),
        label: shown::line(&offer.text).into_owned(),
        ..CompletionItem::default()
    };
    offers.into_iter().enumerate().map(item).collect()
}

/// A completion that the editor looks at, with its page.
pub fn with_page(known: &Registry, mut item: CompletionItem) -> CompletionItem {
    let page = editor::page_of(known, &item.label, item.detail.as_deref().unwrap_or_default());
    item.documentation = page.map(|page| Documentation::MarkupContent(markdown(page)));
    item
}

/// What the word at `offset` means.
pub fn hover(known: &Registry, text: &str, offset: usize, encoding: Encoding) -> Option<Hover> {
    let hover = editor::hover(known, text, offset)?;
    Some(Hover {
        contents: Contents::MarkupContent(markdown(hover.text)),
        range: Some(encoding.range(text, &hover.word)),
    })
}

/// Where the word at `offset` was defined.
pub fn definition(
    analysis: &Analysis,
    path: &Path,
    text: &str,
    offset: usize,
    encoding: Encoding,
) -> Option<Location> {
    match editor::definition(text, offset)? {
        Target::Here(bytes) => Some(Location { uri: uri_of(path)?, range: encoding.range(text, &bytes) }),
        Target::Import(name) => {
            let snippet = analysis.snippets(path).into_iter().find(|(known, ..)| *known == name);
            if let Some((_, file, bytes)) = snippet {
                let range = encoding.range(analysis.text(&file)?, &bytes);
                return Some(Location { uri: uri_of(&file)?, range });
            }
            let file: PathBuf = path.parent()?.join(name);
            let uri = analysis.text(&file).and_then(|_| uri_of(&file))?;
            Some(Location { uri, range: encoding.range("", &(0..0)) })
        }
    }
}

/// The sites, snippets and routes of a file.
pub fn symbols(text: &str, encoding: Encoding) -> Vec<DocumentSymbol> {
    let mut sources = Sources::new();
    let file = sources.add_as_written("", text);
    let file = sources.file(file);
    let mut left = MOST;
    all(&editor::outline(text), file, encoding, (DEEPEST, &mut left))
}

/// The most symbols of a file that are listed: an editor draws all of them.
const MOST: usize = 10_000;

/// So many blocks inside each other are listed; the protocol's JSON has three levels for each.
const DEEPEST: usize = 30;

/// The symbols as far as there is something left of levels and of symbols.
fn all(
    found: &[Symbol],
    file: &SourceFile,
    encoding: Encoding,
    (depth, left): (usize, &mut usize),
) -> Vec<DocumentSymbol> {
    let mut listed = Vec::new();
    for one in found {
        let Some(rest) = left.checked_sub(1) else { break };
        *left = rest;
        listed.push(symbol(one, file, encoding, (depth, &mut *left)));
    }
    listed
}

/// The symbol with those inside it.
fn symbol(
    found: &Symbol,
    file: &SourceFile,
    encoding: Encoding,
    (depth, left): (usize, &mut usize),
) -> DocumentSymbol {
    let kind = match found.kind {
        Kind::Options => SymbolKind::Object,
        Kind::Site => SymbolKind::Namespace,
        Kind::Snippet | Kind::NamedRoute => SymbolKind::Function,
        Kind::Matcher => SymbolKind::Key,
        Kind::Directive => SymbolKind::Property,
    };
    let inner = if depth == 0 { &[][..] } else { found.inside.as_slice() };
    let inside = all(inner, file, encoding, (depth.saturating_sub(1), left));
    let (whole, line) = (encoding.range_in(file, &found.whole), encoding.range_in(file, &found.line));
    let inside = (!inside.is_empty()).then_some(inside);
    DocumentSymbol::new(shown::line(&found.name).into_owned(), None, kind, None, None, whole, line, inside)
}

/// The blocks of a file.
pub fn folds(text: &str, encoding: Encoding) -> Vec<FoldingRange> {
    let mut sources = Sources::new();
    let file = sources.add_as_written("", text);
    let file = sources.file(file);
    let mut folds = Vec::new();
    Tree::of(text).walk(&mut |_, line| {
        let lines = encoding.range_in(file, &line.span.range());
        if line.block.is_some() && lines.end.line > lines.start.line + 1 {
            folds.push(FoldingRange {
                start_line: lines.start.line,
                end_line: lines.end.line - 1,
                ..FoldingRange::default()
            });
        }
    });
    folds
}

fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}
