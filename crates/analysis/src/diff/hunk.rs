//! What differs between two texts, as data.

use similar::ChangeTag;

/// Two versions of a text that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// Its name on the old side; `None` when it is new.
    pub(crate) old_name: Option<String>,
    /// Its name on the new side; `None` when it is gone.
    pub(crate) new_name: Option<String>,
    /// The places that differ.
    pub(crate) hunks: Vec<Hunk>,
}

/// Changed lines that stand together, with those around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hunk {
    /// Which lines of both texts it is about, as `@@ -1,3 +1,4 @@`.
    pub header: String,
    /// The lines in order.
    pub lines: Vec<Line>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which side has it.
    pub tag: ChangeTag,
    /// Its number in the text of that side, from 1.
    pub number: usize,
    /// What it says, without its line break and without secrets.
    pub text: String,
    /// The line of the other side, as a number in the hunk, that stood in its place.
    pub partner: Option<usize>,
    /// Whether the text ends here without a line break.
    pub unfinished: bool,
}
