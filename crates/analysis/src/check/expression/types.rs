//! The types of CEL.

use std::fmt;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// Known only when a request comes.
    Dyn,
    /// The value of a placeholder.
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Timestamp,
    /// A type as a value.
    Kind,
    /// The request.
    Request,
    List(Box<Type>),
    Map(Box<Type>, Box<Type>),
    /// To be found out: a parameter of a function, or the element of an empty list.
    Open(usize),
}

impl Type {
    /// A list of `element`.
    pub(super) fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A map from `key` to `value`.
    pub(super) fn map(key: Self, value: Self) -> Self {
        Self::Map(Box::new(key), Box::new(value))
    }

    /// Whether it could be anything.
    pub(super) fn is_dyn(&self) -> bool {
        matches!(self, Self::Dyn | Self::Any)
    }

    /// Whether `null` may stand for it.
    pub(super) fn is_nullable(&self) -> bool {
        matches!(self, Self::Null | Self::Any | Self::Duration | Self::Timestamp | Self::Request)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Dyn | Self::Open(_) => "a value of unknown type",
            Self::Any => "a placeholder's value",
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::Text => "string",
            Self::Bytes => "bytes",
            Self::Duration => "duration",
            Self::Timestamp => "timestamp",
            Self::Kind => "a type",
            Self::Request => "the request",
            Self::List(element) => return write!(out, "list({element})"),
            Self::Map(key, value) => return write!(out, "map({key}, {value})"),
        };
        out.write_str(name)
    }
}
