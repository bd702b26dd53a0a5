//! Reads the top of a Caddyfile: addresses, braces, directives, snippets and named routes.

use std::path::PathBuf;

use ecow::EcoString;

use rustc_hash::{FxHashMap, FxHashSet};

use super::block::{Block, BlockKind, Segment};
use super::budget::{Budget, Spent};
use super::frames::Frames;
use super::glob::Folders;
use super::graph::Graph;
use super::import::{Snippet, SnippetUse, Statement};
use super::stream::Stream;
use crate::diagnostics::{Code, Diagnostic, Repeats, Subject, braces, import};
use crate::repair::Repairs;
use crate::source::{Env, FileId, Loader, Sources, Span};
use crate::spec::{Suggestions, value};
use crate::syntax::{Lexer, Word};
use crate::version::{Change, Version};

/// A Caddyfile with its imports carried out.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// The blocks, in order. The first one without keys is the global options.
    pub blocks: Vec<Block>,
    /// The trail of imports.
    pub frames: Frames,
    /// The snippets, in the order of their definitions.
    pub snippets: Vec<SnippetUse>,
    /// The faults so far.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the main file ends inside a block, and Caddy accepts it.
    pub ends_open: bool,
}

/// Reads `file`, which has been added to `sources`, and everything that it imports.
///
/// `repairs` are the words that are read in another way, of a file that has been read before.
pub(crate) fn expand(
    sources: &mut Sources,
    file: FileId,
    env: &Env,
    loader: &dyn Loader,
    repairs: &Repairs,
    version: Version,
) -> Expanded {
    if sources.file(file).parsed_text().is_empty() {
        let fault = Diagnostic {
            primary: None,
            ..Diagnostic::error(
                Code::EMPTY_INPUT,
                Span::new(file, 0, 0),
                if sources.file(file).text().is_empty() {
                    "the Caddyfile is empty"
                } else {
                    "the Caddyfile is empty, because the environment variables in it are empty"
                },
            )
        };
        return Expanded {
            diagnostics: vec![
                fault.help("write at least one site, such as `localhost` and below it `respond \"hello\"`"),
            ],
            ..Expanded::default()
        };
    }
    let mut reader = Reader {
        stream: Stream::new(Lexer::new(sources, file), repairs.of(sources.file(file).name()).cloned()),
        repairs,
        sources: std::mem::take(sources),
        env,
        loader,
        version,
        ends_open: false,
        snippets: Vec::new(),
        snippet_names: FxHashMap::default(),
        suggestions: Suggestions::default(),
        files: FxHashMap::default(),
        graph: Graph::default(),
        frames: Frames::default(),
        diagnostics: Vec::new(),
        repeats: Repeats::default(),
        errors: 0,
        budget: Budget::new(loader.limits()),
        folders: Folders::default(),
        defined: (0, FxHashSet::default()),
        blocks: Vec::new(),
        segment: Segment::new(),
        left_standing: Vec::new(),
        missing: FxHashMap::default(),
    };
    reader.budget.read(reader.sources.file(file).text().len());
    if let Some(fault) = overgrown(&reader.sources, file) {
        reader.stream.stop();
        reader.diagnostics.push(fault);
    } else {
        reader.read();
    }
    *sources = reader.sources;
    let ends_open = reader.ends_open;
    let snippets =
        reader.snippets.into_iter().map(|snippet| SnippetUse { key: snippet.key, uses: snippet.uses });
    let mut diagnostics = reader.stream.faults();
    diagnostics.append(&mut reader.diagnostics);
    Expanded {
        blocks: reader.blocks,
        frames: reader.frames,
        snippets: snippets.collect(),
        diagnostics,
        ends_open,
    }
}

/// The fault of a file that is too long once the variables in it have their values.
pub(super) fn overgrown(sources: &Sources, file: FileId) -> Option<Diagnostic> {
    let place = sources.file(file).overgrown()?;
    let span = Span::new(file, place.start, place.end);
    Some(value::overgrown(span))
}

pub(super) struct Reader<'a> {
    pub(super) sources: Sources,
    pub(super) env: &'a Env,
    pub(super) loader: &'a dyn Loader,
    /// The Caddy that reads the text.
    pub(super) version: Version,
    pub(super) stream: Stream,
    pub(super) repairs: &'a Repairs,
    /// The imports that found nothing, by what they name: the place of the first among the diagnostics.
    pub(super) missing: FxHashMap<EcoString, usize>,
    /// Whether the file ends inside a block, which Caddy accepts where the last word is a brace.
    pub(super) ends_open: bool,
    pub(super) snippets: Vec<Snippet>,
    pub(super) snippet_names: FxHashMap<EcoString, usize>,
    pub(super) suggestions: Suggestions,
    /// Imported files by path, with their words.
    pub(super) files: FxHashMap<PathBuf, (FileId, Vec<Word>)>,
    pub(super) graph: Graph,
    pub(super) frames: Frames,
    pub(super) diagnostics: Vec<Diagnostic>,
    repeats: Repeats,
    /// How many errors have been reported.
    pub(super) errors: usize,
    pub(super) budget: Budget,
    /// The names in folders that patterns have looked into.
    pub(super) folders: Folders,
    /// The names that lines of so many files define as snippets, once somebody asks for them.
    pub(super) defined: (usize, FxHashSet<String>),
    pub(super) blocks: Vec<Block>,
    /// Room for the directive that is being read; empty in between.
    pub(super) segment: Segment,
    /// The first two words of the last import, if it had a block.
    pub(super) left_standing: Vec<Word>,
}

/// How the addresses of a block ended.
enum Head {
    /// The current word opens the block.
    Brace,
    /// The current word is the first of a new line.
    Line,
    /// Nothing follows.
    End,
    /// A fault has been reported.
    Fault,
}

impl Reader<'_> {
    /// Records a fault at `word`, with the imports that brought it.
    pub(super) fn report(&mut self, word: &Word, fault: Diagnostic) {
        self.errors += usize::from(fault.is_error());
        let fault = self.frames.place(fault, word);
        self.diagnostics.extend(self.repeats.admit(fault));
    }

    fn read(&mut self) {
        while self.stream.advance() {
            self.block();
        }
    }

    fn block(&mut self) {
        let mut keys = Vec::new();
        let head = self.addresses(&mut keys);
        // Most sites have one address.
        keys.shrink_to_fit();
        let first = keys.first().cloned().or_else(|| self.stream.current().cloned());
        let Some(first) = first else { return };
        let span = keys.last().map_or(first.span, |last| first.span.to(last.span));
        match head {
            Head::Fault => return self.skip_block(),
            Head::End => {
                if !keys.is_empty() {
                    self.blocks.push(Block {
                        kind: BlockKind::Site,
                        keys,
                        segments: Vec::new(),
                        has_braces: false,
                        span,
                    });
                }
                return;
            }
            Head::Brace | Head::Line => {}
        }
        let has_braces = matches!(head, Head::Brace);
        if let [key] = keys.as_slice() {
            if let Some(name) = key.text.strip_prefix("&(").and_then(|rest| rest.strip_suffix(')')) {
                let name = Word { text: name.into(), ..key.clone() };
                return self.named_route(name, span);
            }
            if key.text.len() > 1
                && let Some(name) = key.text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
            {
                let name = EcoString::from(name);
                let key = key.clone();
                return self.snippet(key, name);
            }
        }
        if !has_braces {
            self.check_late_options(&keys);
            self.stream.step_back();
        }
        let segments = self.directives(has_braces, &first);
        if !keys.is_empty() || !segments.is_empty() {
            self.blocks.push(Block { kind: BlockKind::Site, keys, segments, has_braces, span });
        }
    }

    /// Reads addresses up to what ends them.
    fn addresses(&mut self, keys: &mut Vec<Word>) -> Head {
        let mut expecting = false;
        loop {
            let word = self.stream.current().cloned().unwrap_or_default();
            if word.text.starts_with('@') {
                let message = format!("the matcher `{}` must be inside a site block", word.text);
                self.report(
                    &word,
                    Diagnostic::error(Code::MATCHER, word.span, message)
                        .about(Subject::MisplacedMatcher(word.text.clone()))
                        .help(format!("move `{}` between the braces of the site that uses it", word.text)),
                );
                return Head::Fault;
            }
            if word.text == "import" && self.stream.begins_line() {
                self.import(0);
                if !self.stream.advance() {
                    if expecting {
                        let last = keys.last().cloned();
                        self.dangling_comma(last.as_ref().unwrap_or(&word));
                    }
                    return Head::End;
                }
                continue;
            }
            if word.opens() {
                if expecting {
                    let last = keys.last().cloned();
                    self.dangling_comma(last.as_ref().unwrap_or(&word));
                }
                return Head::Brace;
            }
            if word.text.ends_with('{') && !word.is_quoted() {
                let address = word.text.trim_end_matches('{');
                self.report(&word, braces::joined(word.span, address));
                // Go on as if the space were there.
                keys.push(Word { text: address.into(), ..word });
                return Head::Brace;
            }
            self.address(word.clone(), keys, &mut expecting);
            if !self.stream.advance() {
                if expecting {
                    self.dangling_comma(&word);
                }
                return Head::End;
            }
            if !expecting && self.stream.begins_line() {
                return if self.stream.current().is_some_and(Word::opens) { Head::Brace } else { Head::Line };
            }
        }
    }

    /// Reports `word`, whose comma promises an address that does not come.
    fn dangling_comma(&mut self, word: &Word) {
        self.report(
            word,
            Diagnostic::error(Code::ADDRESS, word.span, "another address was expected after this comma")
                .help("remove the last comma"),
        );
    }

    /// Takes one address, with or without its comma.
    fn address(&mut self, mut word: Word, keys: &mut Vec<Word>, expecting: &mut bool) {
        if word.text.is_empty() {
            return;
        }
        *expecting = word.text.ends_with(',');
        if *expecting {
            word.text.pop();
        }
        if word.text.contains(',') {
            let spaced = word.text.replace(",", ", ");
            self.report(
                &word,
                Diagnostic::error(Code::ADDRESS, word.span, "a site address cannot contain a comma")
                    .help(format!("put a space after the comma: `{spaced}`"))
                    .edit(word.span, spaced.as_str(), true),
            );
        }
        if !word.text.is_empty() || !self.version.has(Change::EmptyAddressesDropped) {
            keys.push(word);
        }
    }

    /// A block of global options below an import of snippets reads like a site without braces.
    fn check_late_options(&mut self, keys: &[Word]) {
        let snippets_only =
            !keys.is_empty() && keys.iter().all(|key| key.text.starts_with('(') && key.text.ends_with(')'));
        if let Some(word) =
            self.stream.current().filter(|word| snippets_only && word.text == "import").cloned()
        {
            self.report(&word, braces::options_after_imports(word.span));
        }
    }

    /// Skips the rest of a block whose head is at fault, so that it brings no further ones.
    fn skip_block(&mut self) {
        let mut depth = 0usize;
        loop {
            if self.stream.current().is_some_and(Word::opens) {
                depth += 1;
            } else if self.stream.current().is_some_and(Word::closes) {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            } else if depth == 0 && self.stream.ends_line() {
                return;
            }
            if !self.stream.advance() {
                return;
            }
        }
    }
}

impl Reader<'_> {
    /// Reports that the imports up to `statement` bring too much. Nothing is read any more.
    pub(super) fn spent(&mut self, statement: &Statement, Spent(what): Spent) {
        let span = statement.keyword.span.to(statement.pattern.span);
        self.report(&statement.keyword, import::too_much(span, &what));
        self.stream.stop();
    }
}
