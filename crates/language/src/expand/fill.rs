//! Fills in what an `import` brings: arguments for `{args[…]}`, its block for `{block}` and `{blocks.NAME}`.

use std::collections::HashMap;

use ecow::EcoString;

use super::arguments::{self, Replaced};
use super::budget::Spent;
use super::import::Statement;
use super::reader::Reader;
use crate::diagnostics::short;
use crate::spec::age;
use crate::syntax::Word;
use crate::version::Change;

impl Reader<'_> {
    /// Fills in arguments and blocks, and gives each word the trail of this import.
    pub(super) fn fill(
        &mut self,
        words: Vec<Word>,
        statement: &Statement,
        mapping: &HashMap<EcoString, Vec<Word>>,
        nesting: usize,
    ) -> Result<Vec<Word>, Spent> {
        let span = statement.keyword.span.to(statement.pattern.span);
        let what = match words.first() {
            Some(first) if first.snippet > 0 => format!("snippet `{}`", short(&statement.pattern.text)),
            _ => format!("file `{}`", short(&statement.pattern.text)),
        };
        let frame = self.frames.push(span, what, statement.keyword.frame);
        let vanishes = self.version.has(Change::UnfilledBlocksVanish);
        let mut definitions = Definitions { depth: nesting, ..Definitions::default() };
        let mut out: Vec<Word> = Vec::with_capacity(words.len());
        let counts_lines = self.version.has(Change::LinesOfImports) || nesting > 0;
        for (index, mut word) in words.into_iter().enumerate() {
            if !counts_lines && !definitions.inside && index > out.len() {
                let fault = age::not_modelled(&statement.keyword, self.version, "this import");
                self.report(&statement.keyword, *fault.diagnostic);
                return Ok(Vec::new());
            }
            word.chain =
                self.frames.chain(word.chain, statement.last.span.file, statement.last.line, word.snippet);
            word.frame = frame;
            self.budget.text(word.text.len())?;
            let verbatim = definitions.is_inside(out.last(), &word);
            if word.text == "{block}" || (word.text.starts_with("{blocks.") && word.text.ends_with('}')) {
                match word.text.strip_prefix("{blocks.").and_then(|rest| rest.strip_suffix('}')) {
                    _ if verbatim && self.version.has(Change::SnippetBlocksWait) => out.push(word),
                    Some(key) if !mapping.get(key).is_none_or(Vec::is_empty) || vanishes => {
                        let part = mapping.get(key).map_or(&[][..], Vec::as_slice);
                        self.budget.copies(part)?;
                        out.extend_from_slice(part);
                    }
                    None if !statement.block.is_empty() || vanishes => {
                        self.budget.copies(&statement.block)?;
                        out.extend_from_slice(&statement.block);
                    }
                    _ => out.push(word),
                }
                continue;
            }
            if verbatim {
                out.push(word);
                continue;
            }
            let mut warnings = Vec::new();
            match arguments::replace(&word, &statement.args, self.budget.room(), self.version, &mut warnings)
            {
                Replaced::Words(range) => {
                    self.budget.words(range.len())?;
                    self.budget.text(statement.args[range.clone()].iter().map(EcoString::len).sum())?;
                    out.extend(
                        statement.args[range].iter().map(|text| Word { text: text.clone(), ..word.clone() }),
                    );
                }
                Replaced::Text(text) => {
                    self.budget.text(text.len().saturating_sub(word.text.len()))?;
                    word.text = text;
                    out.push(word.clone());
                }
            }
            for warning in warnings {
                self.report(&word, warning);
            }
        }
        Ok(out)
    }
}

/// Finds snippet definitions inside an imported file: their words are copied as they are, since their placeholders
/// belong to their own imports.
#[derive(Default)]
struct Definitions {
    depth: usize,
    /// Which word of its line this is, from 0.
    index: usize,
    /// The line begins with `(name)`.
    named: bool,
    inside: bool,
}

impl Definitions {
    /// Whether `word`, which follows `before`, stands inside a definition.
    fn is_inside(&mut self, before: Option<&Word>, word: &Word) -> bool {
        if !self.inside && self.depth == 0 {
            self.index =
                if before.is_none_or(|before| before.ends_line_before(word)) { 0 } else { self.index + 1 };
            if self.index == 0
                && word.text.len() >= 3
                && word.text.starts_with('(')
                && word.text.ends_with(')')
            {
                self.named = true;
            }
        }
        if word.opens() {
            self.depth += 1;
            if self.index == 1 && self.named && self.depth == 1 {
                self.inside = true;
                self.named = false;
            }
        } else if word.closes() {
            self.depth = self.depth.saturating_sub(1);
            if self.depth == 0 && self.inside {
                self.inside = false;
            }
        }
        self.inside
    }
}
