//! What a file that Caddy rejects was meant to be, where one mistake changes how everything after it is read: a brace
//! that is missing, lines of another language. The mistake is reported once, and the rest is read as if it were correct.
//!
//! Nothing here decides whether a file is accepted. It runs on files that have errors, and its result counts only if
//! less is wrong with it.

mod braces;
mod foreign;
mod lines;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Sources, Span};
use crate::syntax::{Chain, Quote, Word, lex};
use lines::Line;

/// Words of the files that are read in another way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repairs {
    files: FxHashMap<String, FileRepairs>,
}

/// Words of one file that are read in another way.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileRepairs {
    /// What is read in place of the word that begins at a byte.
    replaced: BTreeMap<u32, Vec<Word>>,
    /// What is read at the end.
    appended: Vec<Word>,
}

/// What was found in files with errors.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    /// How the files are read instead.
    pub repairs: Repairs,
    /// What is wrong with them.
    pub faults: Vec<Diagnostic>,
    /// Whether the files are not Caddyfiles at all, so that nothing else is worth reporting.
    pub is_final: bool,
}

impl Repair {
    /// Looks at the files of `sources`. `is_directive` knows the names of directives.
    pub(crate) fn of(sources: &Sources, is_directive: &dyn Fn(&str) -> bool) -> Self {
        let mut all = Self::default();
        if let Some(fault) = sources.iter().next().and_then(|(id, file)| foreign::whole(id, file.text())) {
            return Self { faults: vec![fault], is_final: true, ..Self::default() };
        }
        for (id, file) in sources.iter() {
            let markers = foreign::merge_markers(id, file.text());
            if !markers.is_empty() {
                all.faults.extend(markers);
                all.is_final = true;
            }
        }
        if all.is_final {
            return all;
        }
        for (id, file) in sources.iter() {
            let (words, faults) = lex(sources, id);
            // A quote that is never closed takes the rest of the file.
            if !faults.is_empty() || words.iter().any(|word| !word.is_quoted() && word.text.contains('\n')) {
                continue;
            }
            let mut found = Found::new(id);
            let lines = lines::of(&words, file.text());
            braces::look(&lines, &mut found, is_directive);
            if !found.faults.is_empty() {
                all.faults.append(&mut found.faults);
                all.repairs.files.insert(file.name().to_owned(), found.repairs);
            }
        }
        all
    }
}

impl Repairs {
    /// Those of the file `name`.
    pub(crate) fn of(&self, name: &str) -> Option<&FileRepairs> {
        self.files.get(name)
    }
}

impl FileRepairs {
    /// The words as they are read instead.
    pub(crate) fn apply(&self, words: Vec<Word>) -> Vec<Word> {
        let change = |word: Word| match self.replaced.get(&word.span.start) {
            Some(instead) => instead.clone(),
            None => vec![word],
        };
        words.into_iter().flat_map(change).collect()
    }

    /// What is read after the last word.
    pub(crate) fn appended(&self) -> Vec<Word> {
        self.appended.clone()
    }
}

/// What is found in one file.
#[derive(Debug)]
pub(super) struct Found {
    file: FileId,
    repairs: FileRepairs,
    faults: Vec<Diagnostic>,
    /// How many lines have been made up.
    made: u32,
}

impl Found {
    fn new(file: FileId) -> Self {
        Self { file, repairs: FileRepairs::default(), faults: Vec::new(), made: 0 }
    }

    /// The words of `line` are read as `words`.
    fn replace(&mut self, line: &Line, words: Vec<Word>) {
        let mut words = Some(words);
        for word in line.words {
            self.repairs.replaced.insert(word.span.start, words.take().unwrap_or_default());
        }
    }

    /// `}` on a line of its own is read before `word`, or at the end.
    fn close_before(&mut self, word: Option<&Word>) {
        let at = word.map_or(Span::new(self.file, 0, 0), |word| word.span);
        let brace = Word { text: "}".into(), span: Span { end: at.start, ..at }, ..Word::default() };
        let brace = self.on_own_line(brace);
        match word {
            Some(word) => {
                let instead =
                    self.repairs.replaced.entry(word.span.start).or_insert_with(|| vec![word.clone()]);
                let place = instead.iter().position(|w| w.span == word.span).unwrap_or(0);
                instead.insert(place, brace);
            }
            None => self.repairs.appended.push(brace),
        }
    }

    /// `word` on a line that no other word is on.
    fn on_own_line(&mut self, word: Word) -> Word {
        self.made += 1;
        Word { chain: Chain(u32::MAX), line: self.made, ..word }
    }
}

/// A brace of its own in the place of `word`.
fn brace(text: &str, word: &Word) -> Word {
    Word { text: text.into(), quote: Quote::Bare, ..word.clone() }
}
