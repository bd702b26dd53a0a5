//! The trail of imports: which `import` put a word where it is.

use rustc_hash::FxHashMap;

use crate::diagnostics::{Diagnostic, Frame};
use crate::source::{FileId, Span};
use crate::syntax::{Chain, Word};

/// One `import` that was carried out.
#[derive(Clone, Debug)]
struct Import {
    span: Span,
    what: String,
    parent: u32,
}

/// What decides over a chain: that of the words where they were defined, the file and the line of the import, and the
/// snippet that they were defined in.
type Place = (Chain, FileId, u32, u32);

/// All imports of one expansion. A word names its own by index plus one.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    imports: Vec<Import>,
    chains: FxHashMap<Place, Chain>,
    /// The last chain that was asked for: words that stand together have the same.
    last: Option<(Place, Chain)>,
}

impl Frames {
    /// Records an import; the result goes into the words that it brings.
    pub(super) fn push(&mut self, span: Span, what: String, parent: u32) -> u32 {
        self.imports.push(Import { span, what, parent });
        u32::try_from(self.imports.len()).unwrap_or(0)
    }

    /// The chain of words that had `chain` where they were defined and are imported at `line` of `file`. Two imports of
    /// the same text from the same line give the same chain, as in Caddy.
    pub(super) fn chain(&mut self, chain: Chain, file: FileId, line: u32, snippet: u32) -> Chain {
        let place = (chain, file, line, snippet);
        if let Some((last, known)) = self.last
            && last == place
        {
            return known;
        }
        let next = u32::try_from(self.chains.len() + 1).unwrap_or(u32::MAX);
        let known = *self.chains.entry(place).or_insert(Chain(next));
        self.last = Some((place, known));
        known
    }

    /// The imports that brought a word with frame `frame`, innermost first.
    pub(crate) fn trail(&self, frame: u32) -> Vec<Frame> {
        let mut trail = Vec::new();
        let mut at = frame;
        // Caddyfiles that import each other in a circle are refused long before this depth.
        while trail.len() < 64
            && let Some(import) = at.checked_sub(1).and_then(|i| self.imports.get(i as usize))
        {
            trail.push(Frame { span: import.span, what: import.what.clone() });
            at = import.parent;
        }
        trail
    }

    /// Gives `diagnostic` the trail of `word`.
    #[must_use]
    pub fn place(&self, mut diagnostic: Diagnostic, word: &Word) -> Diagnostic {
        diagnostic.trail = self.trail(word.frame);
        diagnostic
    }
}
