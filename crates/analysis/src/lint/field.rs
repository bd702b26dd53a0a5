//! Lines that set, add or take away a header field: `header`, `request_header`, `header_up` and `header_down`.

use super::tree::Directive;
use caddyctl_language::syntax::Word;

/// What a line does to the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `Field value` or `>Field value`.
    Set,
    /// `+Field value`.
    Add,
    /// `-Field`.
    Delete,
    /// `?Field value`.
    Default,
    /// `Field search replacement`.
    Replace,
}

/// One such line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    /// The field as written, with what stands before and behind its name.
    pub word: &'a Word,
    /// What comes behind it.
    pub values: &'a [Word],
}

impl<'a> Field<'a> {
    /// The fields of a `header` or `request_header` directive, or of a `header_up` or `header_down` line.
    pub(crate) fn all(directive: &'a Directive<'a>) -> impl Iterator<Item = Self> {
        let (words, block) = match directive.name.text.as_str() {
            "header_up" | "header_down" => (directive.args, directive.block.as_slice()),
            _ if directive.handler() == "headers" => (directive.values(), directive.block.as_slice()),
            _ => (&[][..], &[][..]),
        };
        let own = words.split_first().map(|(word, values)| Self { word, values });
        let lines = block.iter().filter(|line| !matches!(line.name.text.as_str(), "defer" | "match"));
        own.into_iter().chain(lines.map(|line| Self { word: line.name, values: line.args }))
    }

    /// What the line does.
    pub(crate) fn operation(&self) -> Operation {
        match self.word.text.chars().next() {
            Some('+') => Operation::Add,
            Some('-') => Operation::Delete,
            Some('?') => Operation::Default,
            _ if self.values.len() > 1 => Operation::Replace,
            _ => Operation::Set,
        }
    }

    /// The field's name, without the sign before it and the colon that Caddy passes over.
    pub(crate) fn name(&self) -> &'a str {
        let text = self.word.text.as_str();
        let text = text.strip_suffix(':').unwrap_or(text);
        text.strip_prefix(['+', '-', '?', '>']).unwrap_or(text)
    }

    /// Whether this is the field `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Its value, unless it is deleted or searched.
    pub(crate) fn value(&self) -> Option<&'a Word> {
        match self.operation() {
            Operation::Delete | Operation::Replace => None,
            _ => self.values.first(),
        }
    }
}
