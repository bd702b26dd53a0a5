//! Matchers and modules as data: what their lists hold and everything else is read from.

use super::cursor::Cursor;
use super::fault::Parsed;
use super::row::Rows;
use crate::config::{Module, Value};

/// A request matcher.
#[derive(Clone, Copy)]
pub struct MatcherModule {
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line.
    pub syntax: &'static str,
    /// One line of help.
    pub doc: &'static str,
    /// Its subdirectives.
    pub rows: Rows,
    /// An example, as it would stand behind `@name`.
    pub example: &'static str,
    /// Reads all its lines (one after the other, each from the matcher's name on) into its JSON. The text is the name of
    /// the matcher definition, without `@`.
    pub read: fn(&mut Cursor, &str) -> Parsed<Value>,
}

/// A module that a directive names inside itself: a policy, a transport, a writer.
#[derive(Clone, Copy)]
pub struct ModuleSpec {
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line.
    pub syntax: &'static str,
    /// One line of help.
    pub doc: &'static str,
    /// Its subdirectives.
    pub rows: Rows,
    /// Reads its words, from its name on (the current word), into its fields, without the key that names it.
    pub read: fn(&mut Cursor) -> Parsed<Module>,
}
