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
    /// The directive or subdirective that it belongs to.
    pub owner: &'a Directive<'a>,
    /// Whether it stands in the block of its owner, and not on its line.
    pub is_in_block: bool,
}

impl<'a> Field<'a> {
    /// The fields of a `header` or `request_header` directive, or of a `header_up` or `header_down` line.
    pub(crate) fn all(directive: &'a Directive<'a>) -> impl Iterator<Item = Self> {
        let (words, block) = match directive.name.text.as_str() {
            "header_up" | "header_down" => (directive.args, directive.block.as_slice()),
            _ if directive.handler() == "headers" => (directive.values(), directive.block.as_slice()),
            _ => (&[][..], &[][..]),
        };
        let own = words.split_first().map(|(word, values)| Self {
            word,
            values,
            owner: directive,
            is_in_block: false,
        });
        let lines = block.iter().filter(|line| !matches!(line.name.text.as_str(), "defer" | "match"));
        own.into_iter().chain(lines.map(move |line| Self {
            word: line.name,
            values: line.args,
            owner: directive,
            is_in_block: true,
        }))
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

    /// Whether Caddy leaves out a colon behind its name (measured on Caddy 2.11.7): in the block of `header`, and in
    /// `request_header`. Elsewhere it belongs to the name.
    pub(crate) fn drops_colon(&self) -> bool {
        (self.owner.is("header") && self.is_in_block) || self.owner.is("request_header")
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
