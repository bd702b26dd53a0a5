//! For which requests a directive runs.

use super::pattern::Patterns;
use super::tree::Directive;
use caddyctl_language::source::Span;
use caddyctl_language::syntax::Word;

/// The requests that a directive's matcher lets through.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Condition<'a> {
    /// All: there is no matcher, or `*`.
    Every,
    /// Those of one path.
    Path(&'a Word),
    /// Those of a named matcher, by its definition.
    Named(&'a Directive<'a>),
    /// A matcher whose definition is not among the texts that rules see.
    Unknown,
}

/// One line of a matcher's definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test<'a> {
    /// Its kind, such as `path`; a lone quoted expression has the kind `expression`.
    pub kind: &'a str,
    /// The word that it begins with.
    pub word: &'a Word,
    /// What is behind the kind.
    pub args: &'a [Word],
    /// The lines of its own block.
    pub block: &'a [Directive<'a>],
}

impl<'a> Test<'a> {
    /// The tests of the matcher that `definition` defines, in the order of the text. All must hold, but those of one
    /// kind are alternatives.
    pub(crate) fn of(definition: &'a Directive<'a>) -> Vec<Self> {
        let Some(first) = definition.args.first() else {
            return definition.block.iter().map(Self::line).collect();
        };
        if first.is_quoted() {
            return vec![Self { kind: "expression", word: first, args: definition.args, block: &[] }];
        }
        let (args, block) = (&definition.args[1..], definition.block.as_slice());
        vec![Self { kind: &first.text, word: first, args, block }]
    }

    fn line(line: &'a Directive<'a>) -> Self {
        Self { kind: &line.name.text, word: line.name, args: line.args, block: &line.block }
    }
}

impl<'a> Condition<'a> {
    /// Whether it lets every request through.
    pub(crate) fn is_every(self) -> bool {
        match self {
            Self::Every => true,
            Self::Path(path) => path.text == "/*",
            Self::Named(_) | Self::Unknown => false,
        }
    }

    /// The tests of a named matcher; none for the others.
    pub(crate) fn tests(self) -> Vec<Test<'a>> {
        if let Self::Named(definition) = self { Test::of(definition) } else { Vec::new() }
    }

    /// The path patterns of which one must match; empty if paths do not matter.
    pub(crate) fn paths(self) -> Vec<&'a Word> {
        match self {
            Self::Path(path) => vec![path],
            Self::Named(definition) => {
                let tests = Test::of(definition).into_iter().filter(|test| test.kind == "path");
                tests.flat_map(|test| test.args).collect()
            }
            Self::Every | Self::Unknown => Vec::new(),
        }
    }

    /// Whether paths alone decide.
    pub(crate) fn is_paths(self) -> bool {
        match self {
            Self::Path(_) => true,
            Self::Named(definition) => Test::of(definition).iter().all(|test| test.kind == "path"),
            Self::Every | Self::Unknown => false,
        }
    }

    /// What it takes, to compare others with.
    pub(crate) fn cover(self) -> Cover {
        let definition = if let Self::Named(definition) = self { Some(definition.name.span) } else { None };
        let paths = if self.is_paths() { self.paths() } else { Vec::new() };
        let paths = paths.into_iter().map(|path| (path.text.as_str(), ())).collect();
        Cover { is_every: self.is_every(), definition, paths }
    }
}

/// The requests of a condition, as far as they can be known.
#[derive(Clone, Debug)]
pub(crate) struct Cover {
    is_every: bool,
    definition: Option<Span>,
    paths: Patterns<()>,
}

impl Cover {
    /// Whether every request of `condition` is certainly among them.
    pub(crate) fn contains(&self, condition: Condition) -> bool {
        if self.is_every
            || matches!(condition, Condition::Named(found) if Some(found.name.span) == self.definition)
        {
            return true;
        }
        let paths = condition.paths();
        !paths.is_empty() && paths.iter().all(|path| self.paths.find(&path.text).is_some())
    }

    /// Whether a path of `condition` is certainly among them.
    pub(crate) fn touches(&self, condition: Condition) -> bool {
        self.is_every || condition.paths().iter().any(|path| self.paths.find(&path.text).is_some())
    }
}
