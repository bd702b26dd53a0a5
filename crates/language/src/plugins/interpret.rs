//! Reads the words of a plugin by its definition, into the JSON that the plugin itself makes of them.

mod body;
mod draft;
mod finish;
mod row;
mod value;

use ecow::EcoString;

use super::definition::Row;
use super::function::Function;
use crate::config::{self, Fields, Value};
use crate::diagnostics::{Code, Diagnostic};
use crate::spec::{Cursor, Fault, Parsed};
use crate::syntax::Word;

pub(super) use body::{object, objects};
pub(super) use draft::Draft;

/// The fields of an object in the order of the Go struct.
pub(super) type Ordered = Vec<(EcoString, Value)>;

/// What the functions do that definitions name.
pub(super) struct Table {
    /// The value of a word; `None` if it is not of the kind.
    pub kind: fn(Function, &str) -> Option<Value>,
    /// What Go writes where nothing has been set.
    pub zero: fn(Function) -> Value,
    /// The fault of the current word, which is not of the kind.
    pub not_of: fn(Function, &Cursor) -> Fault,
    /// Reads a line.
    pub row: fn(Function, &Row, Context, &mut Cursor, &mut Draft) -> Parsed<()>,
}

/// Whose words are read.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The functions.
    pub functions: &'static Table,
    /// The Go package.
    pub package: &'a str,
    /// The word whose line or block is read.
    pub parent: &'a str,
}

impl Context<'_> {
    /// The warning that the plugin ignores `word`.
    pub(super) fn ignored(&self, word: &Word, near: Option<&str>) -> Fault {
        let message = format!("`{}` ignores `{}`", self.parent, crate::diagnostics::short(&word.text));
        let diagnostic = Diagnostic::warning(Code::IGNORED, word.span, message);
        let fault = Fault { diagnostic: Box::new(diagnostic), frame: word.frame };
        fault
            .help(format!("{} drops what it does not know, and so does this JSON", self.package))
            .suggest(word, near)
    }
}

/// Fields as they stand below a module.
pub(super) fn encoded_again(fields: Ordered) -> Fields {
    fields.into_iter().map(|(name, value)| (name, config::encoded_again(value))).collect()
}
