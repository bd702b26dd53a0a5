//! Global options as data.

use super::Options;
use crate::spec::{Cursor, Holds, List, Parsed, Row, Rows, Text, set, syntax};

/// A global option.
pub struct GlobalOption {
    /// Its name.
    pub name: Text,
    /// Its arguments, as help prints them.
    pub args: Text,
    /// One line of help.
    pub(crate) doc: Text,
    /// Its suboptions.
    pub rows: List<Row>,
    /// What its block may hold.
    pub holds: Holds,
    /// An example, as it would stand in the block of global options.
    pub(crate) example: Text,
    /// Reads it, from its name on.
    pub(crate) read: fn(&mut Cursor, &mut Options) -> Parsed<()>,
}

impl GlobalOption {
    /// An option without suboptions.
    pub(crate) const fn new(
        name: &'static str,
        args: &'static str,
        doc: &'static str,
        read: fn(&mut Cursor, &mut Options) -> Parsed<()>,
    ) -> Self {
        Self {
            name: Text::Static(name),
            args: Text::Static(args),
            doc: Text::Static(doc),
            rows: List::Static(&[]),
            holds: Holds::Rows,
            example: Text::Static(""),
            read,
        }
    }

    /// Its suboptions.
    #[must_use]
    pub(crate) const fn rows(mut self, rows: Rows) -> Self {
        set(&mut self.rows, List::Static(rows));
        self
    }

    /// What its block may hold, if that is more than its rows.
    #[must_use]
    pub(crate) const fn holds(mut self, holds: Holds) -> Self {
        self.holds = holds;
        self
    }

    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        syntax(&self.name, &self.args, "", self.rows.iter().map(Row::syntax), self.holds)
    }

    /// An example.
    #[must_use]
    pub(crate) const fn example(mut self, example: &'static str) -> Self {
        set(&mut self.example, Text::Static(example));
        self
    }
}
