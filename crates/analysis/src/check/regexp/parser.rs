//! The main loop: one operator, group or atom after the other.

use super::size::Size;
use super::{Fault, class, escape, fault, fault_with, group, repeat};

/// An open group, and what has been read of it.
struct Open {
    /// Where its `(` stands.
    start: usize,
    /// Whether it captures.
    captures: bool,
    /// The branches before the current one.
    branches: Vec<Size>,
    /// The current branch.
    parts: Vec<Size>,
}

impl Open {
    fn new(start: usize, captures: bool) -> Self {
        Self { start, captures, branches: Vec::new(), parts: Vec::new() }
    }

    fn close(mut self) -> Size {
        self.branches.push(Size::sequence(&self.parts));
        let inner = Size::choice(&self.branches);
        if self.captures { inner.captured() } else { inner }
    }
}

/// Reads one pattern.
pub(super) struct Parser<'a> {
    pattern: &'a str,
    at: usize,
    stack: Vec<Open>,
    /// Where the repetition that was just read starts, if one was.
    last_repeat: Option<usize>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(pattern: &'a str) -> Self {
        Self { pattern, at: 0, stack: vec![Open::new(0, false)], last_repeat: None }
    }

    pub(super) fn run(mut self) -> Result<(), Fault> {
        while let Some(c) = self.pattern[self.at..].chars().next() {
            let before = self.last_repeat.take();
            match c {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    if let Some(open) = self.stack.last_mut() {
                        let parts = std::mem::take(&mut open.parts);
                        open.branches.push(Size::sequence(&parts));
                    }
                    self.at += 1;
                }
                '[' => {
                    self.at = class::bracket(self.pattern, self.at)?;
                    self.push(Size::ATOM)?;
                }
                '*' | '+' | '?' => self.repeat(self.at + 1, before, Size::starred)?,
                '{' => match repeat::counted(self.pattern, self.at)? {
                    Some((end, min, max)) => self.repeat(end, before, |size| size.repeated(min, max))?,
                    None => self.literal(1)?,
                },
                '\\' => self.backslash()?,
                '^' | '$' | '.' => {
                    self.at += 1;
                    self.push(Size::ATOM)?;
                }
                c => self.literal(c.len_utf8())?,
            }
        }
        if self.stack.len() > 1 {
            let start = self.stack.last().map_or(0, |open| open.start);
            return fault_with(
                start,
                start + 1,
                "the group `(` is never closed",
                "add the missing `)`, or write `\\(` for a literal parenthesis",
            );
        }
        match self.stack.pop() {
            Some(root) => self.limits(root.close()),
            None => Ok(()),
        }
    }

    fn push(&mut self, size: Size) -> Result<(), Fault> {
        self.limits(size)?;
        if let Some(open) = self.stack.last_mut() {
            open.parts.push(size);
        }
        Ok(())
    }

    fn literal(&mut self, width: usize) -> Result<(), Fault> {
        self.at += width;
        self.push(Size::LITERAL)
    }

    fn limits(&self, size: Size) -> Result<(), Fault> {
        if size.too_large() {
            return fault(
                0,
                self.pattern.len(),
                "the pattern is too large once its repetitions are unfolded",
            );
        }
        if size.too_deep() {
            return fault(0, self.pattern.len(), "the pattern nests more than 1000 levels deep");
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Fault> {
        let start = self.at;
        match group::open(self.pattern, start)? {
            (end, group::Kind::Flags) => self.at = end,
            (end, kind) => {
                self.at = end;
                self.stack.push(Open::new(start, kind == group::Kind::Capture));
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        if self.stack.len() < 2 {
            return fault_with(
                self.at,
                self.at + 1,
                "`)` closes nothing",
                "remove it, or write `\\)` for a literal parenthesis",
            );
        }
        self.at += 1;
        match self.stack.pop() {
            Some(open) => self.push(open.close()),
            None => Ok(()),
        }
    }

    /// A repetition that ends at `end`, not counting a `?` that makes it lazy.
    fn repeat(
        &mut self,
        end: usize,
        before: Option<usize>,
        grow: impl Fn(Size) -> Size,
    ) -> Result<(), Fault> {
        let start = self.at;
        let end = if self.pattern[end..].starts_with('?') { end + 1 } else { end };
        let text = &self.pattern[start..end];
        if let Some(earlier) = before {
            let earlier = &self.pattern[earlier..start];
            return fault_with(
                start,
                end,
                format!("`{text}` cannot follow the repetition `{earlier}`"),
                "put a group `(?:…)` around what is repeated first; Go has no possessive repetition",
            );
        }
        let Some(last) = self.stack.last_mut().and_then(|open| open.parts.last_mut()) else {
            return fault_with(
                start,
                end,
                format!("`{text}` repeats nothing"),
                "put the part to repeat before it; for a literal character write a backslash before it",
            );
        };
        let grown = grow(*last);
        *last = grown;
        if text.starts_with('{') && grown.repeats_too_much() {
            return fault(
                start,
                end,
                format!("`{text}` and the repetitions inside multiply to more than 1000"),
            );
        }
        self.limits(grown)?;
        self.at = end;
        self.last_repeat = Some(start);
        Ok(())
    }

    fn backslash(&mut self) -> Result<(), Fault> {
        let start = self.at;
        match self.pattern[start + 1..].chars().next() {
            Some('A' | 'b' | 'B' | 'z') => {
                self.at += 2;
                self.push(Size::ATOM)
            }
            Some('Q') => {
                let rest = &self.pattern[start + 2..];
                let (quoted, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                for _ in quoted.chars() {
                    self.push(Size::LITERAL)?;
                }
                self.at = self.pattern.len() - after.len();
                Ok(())
            }
            _ => {
                self.at = match escape::set(self.pattern, start)? {
                    Some(end) => end,
                    None => escape::character(self.pattern, start)?.0,
                };
                self.push(Size::ATOM)
            }
        }
    }
}
