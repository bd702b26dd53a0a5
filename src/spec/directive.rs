//! Directives, options, matchers and modules as data: what the registry lists and everything else is read from.

use serde_json::Value;

use super::cursor::Cursor;
use super::fault::Parsed;
use super::row::Rows;
use crate::compile::{Lowered, Options, Scope};
use crate::config::Module;

/// A directive of a site block.
#[derive(Clone, Copy)]
pub struct Directive {
    /// Its name.
    pub name: &'static str,
    /// Its syntax on one line, as help prints it.
    pub syntax: &'static str,
    /// One line of help.
    pub doc: &'static str,
    /// Its subdirectives.
    pub rows: Rows,
    /// An example that compiles, as it would stand in a site block.
    pub example: &'static str,
    /// How its words become configuration.
    pub shape: Shape,
}

/// How a directive's words become configuration.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A handler, with an optional matcher as its first argument. The function reads from the name on and gives the
    /// handler's fields; the matcher has been taken out already.
    Handler(fn(&mut Cursor, &mut Scope) -> Parsed<crate::config::Handler>),
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
    pub doc: &'static str,
    /// Its suboptions.
    pub rows: Rows,
    /// An example, as it would stand in the block of global options.
    pub example: &'static str,
    /// Reads it, from its name on.
    pub read: fn(&mut Cursor, &mut Options) -> Parsed<()>,
}

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
