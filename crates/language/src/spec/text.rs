//! Texts and lists of declarations: written in the program, or made while it runs.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use ecow::EcoString;

/// A text of a declaration.
#[derive(Clone)]
pub enum Text {
    /// It is written in the program.
    Static(&'static str),
    /// It was read from somewhere else.
    Shared(EcoString),
}

impl Text {
    /// The text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Shared(text) => text,
        }
    }

    /// The same text, where tables are put together while compiling.
    ///
    /// # Panics
    /// When it is not written in the program, which is an error of the compiler there.
    pub(super) const fn written(&self) -> Self {
        match self {
            Self::Static(text) => Self::Static(text),
            Self::Shared(_) => panic!("this text is not written in the program"),
        }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::Static(text)
    }
}

impl From<EcoString> for Text {
    fn from(text: EcoString) -> Self {
        Self::Shared(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<EcoString> for Text {
    fn eq(&self, other: &EcoString) -> bool {
        self.as_str() == other
    }
}

/// A list of a declaration.
pub enum List<T: 'static> {
    /// It is written in the program.
    Static(&'static [T]),
    /// It was read from somewhere else.
    Shared(Arc<[T]>),
}

impl<T> List<T> {
    /// As [`Text::written`].
    pub(super) const fn written(&self) -> Self {
        match self {
            Self::Static(list) => Self::Static(list),
            Self::Shared(_) => panic!("this list is not written in the program"),
        }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Static(list) => list,
            Self::Shared(list) => list,
        }
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(list) => Self::Static(list),
            Self::Shared(list) => Self::Shared(Arc::clone(list)),
        }
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(list: Vec<T>) -> Self {
        Self::Shared(list.into())
    }
}

/// Sets `place`, also while compiling, where nothing can be dropped: what it held is forgotten.
pub(crate) const fn set<T>(place: &mut T, value: T) {
    std::mem::forget(std::mem::replace(place, value));
}
