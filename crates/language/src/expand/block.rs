//! What stands at the top of a Caddyfile.

use crate::source::Span;
use crate::syntax::Word;

/// A directive with its words: from its name to the end of its line, or of the block that it opens.
pub(crate) type Segment = Vec<Word>;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Addresses and directives, or without addresses the global options.
    Site,
    /// `&(name) { … }`; its one key is the name, and its one segment the name and the block.
    NamedRoute,
}

/// A block at the top of a Caddyfile.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The addresses, without their commas.
    pub keys: Vec<Word>,
    /// The directives.
    pub segments: Vec<Segment>,
    /// Whether the directives stand in braces. Only a lone site may do without.
    pub has_braces: bool,
    /// From the first key to the end of the block's first line.
    pub span: Span,
}
