//! `import`: what it names is put in its place, with its arguments and its block filled in.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ecow::EcoString;

use super::budget::Spent;
use super::glob;
use super::graph::Node;
use super::reader::{Reader, overgrown};
use crate::diagnostics::import::{self, Near};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::FileId;
use crate::spec::{Cursor, age};
use crate::syntax::{Word, lex};
use crate::version::Change;

/// How many further imports of something that does not exist are shown with the first.
const MOST_PLACES: usize = 3;

/// A snippet: `(name) { … }`.
#[derive(Debug)]
pub(super) struct Snippet {
    pub(super) name: EcoString,
    pub(super) words: Vec<Word>,
    /// Its key, for "first defined here".
    pub(super) key: Word,
    /// How often it has been imported.
    pub(super) uses: usize,
}

/// A snippet, and how often it is imported.
#[derive(Clone, Debug)]
pub struct SnippetUse {
    /// Its definition's first word, `(name)`.
    pub key: Word,
    /// How many `import` lines were carried out with it.
    pub uses: usize,
}

/// What an `import` line says.
pub(super) struct Statement {
    /// The `import` itself.
    pub(super) keyword: Word,
    pub(super) pattern: Word,
    pub(super) args: Vec<EcoString>,
    /// The words of the block behind it.
    pub(super) block: Vec<Word>,
    /// The last word that belongs to it.
    pub(super) last: Word,
    /// What the splice puts before the imported words.
    pub(super) before: Option<Word>,
}

/// The words that a statement names, and the nodes of the import graph that they are.
type Imported = (Vec<Word>, Vec<Node>);

impl Reader<'_> {
    /// Carries out the `import` that the stream is at. Afterwards the next word of the stream is the first imported
    /// one. `nesting` is 0 at the top of the file, where an imported file may define snippets.
    ///
    /// Returns whether it worked; if not, the fault has been reported and the statement is gone.
    pub(super) fn import(&mut self, nesting: usize) -> bool {
        let Some(statement) = self.import_statement() else { return false };
        let mapping = self.named_blocks(&statement.block);
        let found = self.imported(&statement).unwrap_or_else(|spent| {
            self.spent(&statement, spent);
            None
        });
        let Some((words, nodes)) = found else {
            self.stream.splice(statement.before, Vec::new());
            return false;
        };
        let from = (statement.last.span.file, statement.last.snippet);
        if let Some(circle) = nodes.iter().find(|to| !self.graph.add(from, **to)) {
            let name = self.sources.file(circle.0).shown().to_owned();
            let pattern = &statement.pattern;
            let fault = if self.version.has(Change::ImportCycles) {
                import::cycle(pattern.span, &pattern.text, &name)
            } else {
                *age::not_modelled(pattern, self.version, "imports that form a cycle").diagnostic
            };
            self.report(pattern, fault);
            self.stream.splice(statement.before, Vec::new());
            return false;
        }
        let filled = match mapping {
            Some(mapping) => self.fill(words, &statement, &mapping, nesting),
            None => Ok(Vec::new()),
        };
        match filled {
            Ok(filled) => {
                self.stream.splice(statement.before, filled);
                true
            }
            Err(spent) => {
                self.spent(&statement, spent);
                self.stream.splice(statement.before, Vec::new());
                false
            }
        }
    }

    /// Reads the line of the `import`, and the block behind it.
    fn import_statement(&mut self) -> Option<Statement> {
        let keyword = self.stream.current()?.clone();
        let before = self.stream.previous().cloned();
        if !self.stream.advance_to_argument() {
            self.report(&keyword, import::nothing(keyword.span));
            self.stream.splice(before, Vec::new());
            return None;
        }
        let pattern = self.stream.current()?.clone();
        let mut args = Vec::new();
        while self.stream.advance_to_argument() {
            args.push(self.stream.current()?.text.clone());
        }
        let has_braces = !self.stream.ends_line() && self.stream.peek().is_some_and(Word::opens);
        if has_braces && !self.version.has(Change::ImportBlocks) {
            let fault = age::not_modelled(&keyword, self.version, "`import` with a block");
            self.report(&keyword, *fault.diagnostic);
        }
        let block = if has_braces { self.import_block() } else { Vec::new() };
        let last = self.stream.current()?.clone();
        // Where there is a block, Caddy leaves the import's first two words standing before what it imports.
        let before = if block.is_empty() { before } else { Some(pattern.clone()) };
        self.left_standing.clear();
        if has_braces {
            self.left_standing.extend([keyword.clone(), pattern.clone()]);
        }
        if pattern.text.is_empty() {
            self.report(&pattern, import::empty_name(pattern.span));
            self.stream.splice(before, Vec::new());
            return None;
        }
        Some(Statement { keyword, pattern, args, block, last, before })
    }

    /// The words between the braces behind an import.
    fn import_block(&mut self) -> Vec<Word> {
        self.stream.advance();
        self.stream.advance();
        if self.stream.current().is_some_and(Word::closes) {
            return Vec::new();
        }
        let mut words = Vec::new();
        let mut depth = 1;
        loop {
            words.extend(self.stream.current().cloned());
            if !self.stream.advance() {
                break;
            }
            // A brace with something behind it on its line is no brace here, and what is behind it is read next.
            let (closes, opens) = self.stream.current().map_or((false, false), |w| (w.closes(), w.opens()));
            if (closes || opens) && !self.stream.ends_line() {
                self.stream.advance();
                if closes && self.stream.current().is_some_and(Word::opens) && self.stream.ends_line() {
                    depth += 1;
                }
            } else if closes {
                depth -= 1;
            } else if opens {
                depth += 1;
            }
            if depth == 0 {
                break;
            }
        }
        words
    }

    /// The parts of the block that `{blocks.NAME}` stands for: each line's first word, and the rest of its line and
    /// block. `None` after a fault.
    fn named_blocks(&mut self, block: &[Word]) -> Option<HashMap<EcoString, Vec<Word>>> {
        let mut mapping = HashMap::new();
        let mut cursor = Cursor::new(block);
        while cursor.next() {
            let key = cursor.word().clone();
            if key.opens() {
                self.report(&key, import::unnamed_block(key.span));
                return None;
            }
            let mut words = Vec::new();
            while cursor.next_arg() {
                words.push(cursor.word().clone());
            }
            let level = cursor.nesting();
            // Before 2.10.2, arguments are all that there may be.
            let has_block = words.is_empty() || self.version.has(Change::NamedBlocksWithArguments);
            while has_block && cursor.next_block(level) {
                words.push(cursor.word().clone());
            }
            mapping.insert(key.text, words);
        }
        Some(mapping)
    }

    /// The words that a statement names, and the nodes of the import graph that they are.
    fn imported(&mut self, statement: &Statement) -> Result<Option<Imported>, Spent> {
        if let Some(snippet) =
            self.snippet_names.get(&statement.pattern.text).and_then(|i| self.snippets.get_mut(*i))
        {
            snippet.uses += 1;
            self.budget.import(snippet.words.len() + statement.args.len())?;
            let nodes =
                snippet.words.first().map(|first| (first.span.file, first.snippet)).into_iter().collect();
            return Ok(Some((snippet.words.clone(), nodes)));
        }
        let Some(paths) = self.imported_paths(statement)? else { return Ok(None) };
        let mut words = Vec::new();
        let mut nodes = Vec::new();
        for path in paths {
            let Some(file) = self.import_file(&path, statement) else { return Ok(None) };
            nodes.push((file, 0));
            if let Some((_, brought)) = self.files.get(&path) {
                self.budget.import(brought.len() + statement.args.len())?;
                words.extend_from_slice(brought);
            }
        }
        Ok(Some((words, nodes)))
    }

    /// The files that a pattern names.
    fn imported_paths(&mut self, statement: &Statement) -> Result<Option<Vec<PathBuf>>, Spent> {
        let pattern = &statement.pattern;
        let importing = self.loader.base().join(self.sources.file(statement.last.span.file).name());
        let folder = importing.parent().unwrap_or(Path::new("/"));
        let full = if pattern.text.starts_with('/') {
            self.loader.mapped(PathBuf::from(pattern.text.as_str()))
        } else {
            glob::join(folder, &pattern.text)
        };
        let full = full.to_string_lossy().into_owned();
        let often = |c| full.matches(c).count() > 1;
        if often('*') || often('?') || (full.contains('[') && full.contains(']')) {
            self.report(pattern, import::two_stars(pattern.span, &full));
            return Ok(None);
        }
        let found = self.folders.glob(&full, self.loader);
        self.budget.words(self.folders.take_effort())?;
        let Ok(mut paths) = found else {
            self.report(pattern, import::malformed(pattern.span, &full));
            return Ok(None);
        };
        if paths.is_empty() {
            if full.contains(['*', '?', '[', ']']) {
                self.report(
                    pattern,
                    Diagnostic::warning(Code::EMPTY_IMPORT, pattern.span, "no file matches this pattern")
                        .label(format!("looked for `{full}`")),
                );
            } else {
                self.report_missing(pattern, &full);
                return Ok(None);
            }
        }
        // Hidden files are left out only where the pattern's last part begins with the star.
        if full.rsplit('/').next().is_some_and(|last| last.starts_with('*')) {
            paths.retain(|path| path.file_name().is_none_or(|name| !name.to_string_lossy().starts_with('.')));
        }
        Ok(Some(paths))
    }

    fn report_missing(&mut self, pattern: &Word, full: &str) {
        // One cause has one error, with the first of the other places.
        if let Some(first) = self.missing.get(full).and_then(|place| self.diagnostics.get_mut(*place)) {
            self.errors += 1;
            if first.secondary.len() < MOST_PLACES {
                *first = first.clone().also(pattern.span, "imported here too");
            }
            return;
        }
        self.missing.insert(full.into(), self.diagnostics.len());
        let snippets = self.snippets.iter().map(|snippet| snippet.name.as_str());
        let similar = self.suggestions.near(&pattern.text, snippets).map(str::to_owned);
        let near = match &similar {
            Some(near) => Near::Snippet(near),
            None if self.text_defines(&pattern.text) => Near::Later,
            None => Near::None,
        };
        self.report(pattern, import::unknown(pattern.span, &pattern.text, full, &near));
    }

    /// Whether a later line defines a snippet of this name.
    fn text_defines(&mut self, name: &str) -> bool {
        let (looked_at, names) = &mut self.defined;
        for (_, file) in self.sources.iter().skip(*looked_at) {
            let keys = file.text().lines().filter_map(|line| line.trim_start().strip_prefix('('));
            names.extend(keys.filter_map(|key| key.split_once(')')).map(|(name, _)| name.to_owned()));
            *looked_at += 1;
        }
        names.contains(name)
    }

    /// Reads a file once; its words are shared by all its imports.
    fn import_file(&mut self, path: &Path, statement: &Statement) -> Option<FileId> {
        if let Some((file, _)) = self.files.get(path) {
            return Some(*file);
        }
        let pattern = &statement.pattern;
        let bytes = match self.loader.read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.report(pattern, import::unreadable(pattern.span, &pattern.text, path, &error));
                return None;
            }
        };
        let file = self.sources.add(path.to_string_lossy(), bytes, self.env);
        if self.loader.is_outside(path) {
            self.sources.mark_outside(file);
        }
        self.budget.read(self.sources.file(file).text().len());
        if let Some(fault) = overgrown(&self.sources, file) {
            self.report(pattern, fault);
            return None;
        }
        let mut words = Vec::new();
        if self.sources.file(file).text().trim().is_empty() {
            self.report(
                pattern,
                Diagnostic::warning(Code::EMPTY_IMPORT, pattern.span, "this file is empty")
                    .label(format!("`{}`", path.display())),
            );
        } else if self.sources.file(file).parsed_text().is_empty() {
            self.report(pattern, import::empty_variables(pattern.span, path));
            return None;
        } else {
            let (lexed, faults) = lex(&self.sources, file);
            self.diagnostics.extend(faults);
            words = match self.repairs.of(self.sources.file(file).name()) {
                Some(repairs) => repairs.apply(lexed).into_iter().chain(repairs.appended()).collect(),
                None => lexed,
            };
        }
        self.files.insert(path.to_owned(), (file, words));
        Some(file)
    }
}
