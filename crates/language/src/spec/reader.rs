//! How a word is read: by code of the program, or by what was declared while it ran.

use std::sync::Arc;

use super::cursor::Cursor;
use super::fault::Parsed;
use crate::config::{Module, Value};

/// How a word is read: by code of the program, or by what was declared while it ran.
#[derive(Clone)]
pub enum Reader<F, D: ?Sized> {
    /// It is part of the program.
    Static(F),
    /// It was declared while the program ran.
    Shared(Arc<D>),
}

/// How a module is read.
pub(crate) type ModuleReader =
    Reader<fn(&mut Cursor) -> Parsed<Module>, dyn Fn(&mut Cursor) -> Parsed<Module> + Send + Sync>;

/// How a matcher is read.
pub(crate) type MatcherReader =
    Reader<fn(&mut Cursor, &str) -> Parsed<Value>, dyn Fn(&mut Cursor) -> Parsed<Value> + Send + Sync>;
