//! Global options as data.

use super::Options;
use crate::spec::{Cursor, Holds, List, Parsed, Reader, Row, Rows, Text, set, syntax};

/// How an option is read.
pub(crate) type OptionReader = Reader<
    fn(&mut Cursor, &mut Options) -> Parsed<()>,
    dyn Fn(&mut Cursor, &mut Options) -> Parsed<()> + Send + Sync,
>;

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
    /// Whether only its name is known.
    pub is_opaque: bool,
    /// An example, as it would stand in the block of global options.
    pub(crate) example: Text,
    /// Reads it, from its name on.
    pub(crate) reader: OptionReader,
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
            is_opaque: false,
            example: Text::Static(""),
            reader: Reader::Static(read),
        }
    }

    /// Reads it; see [`Self::reader`].
    pub(crate) fn read(&self, cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
        match &self.reader {
            Reader::Static(read) => read(cursor, options),
            Reader::Shared(read) => read(cursor, options),
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
