//! What may be meant at some places.

use std::collections::HashSet;

use super::{At, Variables, replace};

/// The variables at some places, and what is written there.
#[derive(Default)]
pub(crate) struct Scope {
    /// Numbers of uses.
    pub uses: Vec<usize>,
    /// What is written there outside of variables, in lower case.
    pub written: String,
    /// The words of it, as they are written.
    pub words: HashSet<String>,
}

impl Scope {
    /// The uses that may have a say at `places`, and what is written there.
    pub(crate) fn of(variables: &Variables, places: &[At]) -> Self {
        let mut scope = Self::default();
        for (name, line) in places {
            let Some(file) = variables.names.iter().position(|known| known == name) else { continue };
            for lines in variables.outlines[file].around(*line) {
                scope.written += &variables.outlines[file].written(lines.clone());
                let before =
                    |line: usize| variables.uses.partition_point(|one| (one.file, one.line) < (file, line));
                let (first, end) = (before(*lines.start()), before(lines.end() + 1));
                scope.uses.extend(first..end.max(first));
            }
        }
        let words = scope.written.split(|c: char| c.is_whitespace() || matches!(c, '"' | '`'));
        scope.words = words.filter(|word| !word.contains('\u{1}')).map(str::to_owned).collect();
        scope.written = scope.written.to_lowercase();
        scope.uses.sort_unstable();
        scope.uses.dedup();
        scope
    }

    /// Whether `text` is written there as a word.
    pub(crate) fn writes(&self, text: &str) -> bool {
        replace::has_word(&self.written, &text.to_lowercase())
    }
}
