//! Directives and global options as data: what their lists hold and everything else is read from.

use super::{Lowered, Options, Scope};
use crate::config::Handler;
use crate::spec::{Cursor, Fault, Parsed, Rows};
use crate::syntax::Word;

/// A directive of a site block.
#[derive(Clone, Copy)]
pub struct Directive {
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line, as help prints it.
    pub syntax: &'static str,
    /// One line of help.
    pub(crate) doc: &'static str,
    /// Its subdirectives.
    pub rows: Rows,
    /// An example that compiles, as it would stand in a site block; with a named route (`&(`) it is a whole file.
    pub(crate) example: &'static str,
    /// How its words become configuration.
    pub(crate) shape: Shape,
}

/// How a directive's words become configuration.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// A handler, with an optional matcher as its first argument. The function reads from the name on and gives the
    /// handler's fields; the matcher has been taken out already.
    Handler(fn(&mut Cursor, &mut Scope) -> Parsed<Handler>),
    /// Anything else. The function is at the directive's name, with all its arguments.
    Config(fn(&mut Cursor, &mut Scope) -> Parsed<Vec<Lowered>>),
}

/// A global option.
#[derive(Clone, Copy)]
pub struct GlobalOption {
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line.
    pub syntax: &'static str,
    /// One line of help.
    pub(crate) doc: &'static str,
    /// Its suboptions.
    pub rows: Rows,
    /// An example, as it would stand in the block of global options.
    pub(crate) example: &'static str,
    /// Reads it, from its name on.
    pub(crate) read: fn(&mut Cursor, &mut Options) -> Parsed<()>,
}

/// The list of directives, as those that lower blocks of directives need it. It stands below this folder, and is handed
/// in with the [`Scope`].
#[derive(Clone, Copy)]
pub(crate) struct Registry {
    /// The directive of a name.
    pub find: fn(&str) -> Option<&'static Directive>,
    /// The fault of a name that is no directive; it may stand in the block of another directive, or in a site without
    /// braces.
    pub unknown: fn(segment: &[Word], place: Place, has_braces: bool) -> Fault,
}

/// Where directives stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a site block.
    Site,
    /// In the block of another directive.
    Nested,
}
