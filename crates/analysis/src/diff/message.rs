//! The sentence of an effect. Values are apart in it, since those of variables are hidden in another way than in words.

use std::fmt;

use serde::{Serialize, Serializer};

use caddyctl_language::source::variables::Mode;

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Words alone.
    Sentence(String),
    /// An option, by the names on the way to it.
    Option(String, Values),
    /// Something else that has other values now, with how variables are hidden in these.
    Changed(String, Values, Mode),
}

/// What a setting was and is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Values {
    /// It had none before.
    Set(String),
    /// It has none any more.
    Unset(String),
    /// It has another.
    Other(String, String),
    /// It is the same variable, and this has another value.
    Variable(String),
}

impl Values {
    /// The values, each as `shown` has it.
    pub(super) fn map(&self, shown: impl Fn(&str) -> String) -> Self {
        match self {
            Self::Set(is) => Self::Set(shown(is)),
            Self::Unset(was) => Self::Unset(shown(was)),
            Self::Variable(both) => Self::Variable(shown(both)),
            Self::Other(was, is) => match (shown(was), shown(is)) {
                (before, after) if before == after && was != is => Self::Variable(after),
                (before, after) => Self::Other(before, after),
            },
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence(words) => out.write_str(words),
            Self::Option(name, values) => write!(out, "option {name}: {values}"),
            Self::Changed(what, values, _) => write!(out, "{what} {values}"),
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(is) => write!(out, "set to {is}"),
            Self::Unset(was) => write!(out, "no longer set (was {was})"),
            Self::Other(was, is) => write!(out, "{was} -> {is}"),
            Self::Variable(both) => write!(out, "{both}{CHANGED}"),
        }
    }
}

/// What is reported about a variable that has another value on the other side.
pub(super) const CHANGED: &str = " (its value changed)";

impl From<String> for Message {
    fn from(words: String) -> Self {
        Self::Sentence(words)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}
