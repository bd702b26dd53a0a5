//! A value of the configuration, wherever it is kept: values, or typed routes. Nothing is copied.

use caddyctl_language::config::{FieldsIter, Handler, HandlerBody, MatcherSet, Route, Server, Value};

/// A value of the configuration.
#[derive(Clone, Copy, Debug)]
pub(super) enum View<'a> {
    /// What is missing, or `null`.
    Nothing,
    /// A value of JSON.
    Value(&'a Value),
    /// The name of a module that has no field for it.
    Name(&'a str),
    /// A server, and its settings without the routes.
    Server(&'a Server, &'a Value),
    /// An object whose one field is `routes`.
    Errors(&'a [Route]),
    /// A list of routes.
    Routes(&'a [Route]),
    /// A route.
    Route(&'a Route),
    /// A list of handlers.
    Handlers(&'a [Handler]),
    /// A `subroute` handler.
    Subroute(&'a [Route]),
    /// A list of matcher sets.
    Sets(&'a [MatcherSet]),
    /// A matcher set.
    Set(&'a MatcherSet),
}

impl<'a> View<'a> {
    /// The field `key`.
    pub(super) fn at(self, key: &str) -> Self {
        match (self, key) {
            (Self::Value(value), _) => value.get(key).map_or(Self::Nothing, Self::Value),
            (Self::Server(server, _), "routes") => Self::Routes(&server.routes),
            (Self::Server(server, _), "errors") => {
                server.errors.as_ref().map_or(Self::Nothing, |errors| Self::Errors(&errors.routes))
            }
            (Self::Server(_, settings), _) => Self::Value(settings).at(key),
            (Self::Errors(routes), "routes") => Self::Routes(routes),
            (Self::Route(route), "match") => Self::Sets(&route.matchers),
            (Self::Route(route), "handle") => Self::Handlers(&route.handlers),
            (Self::Subroute(_), "handler") => Self::Name("subroute"),
            (Self::Subroute(routes), "routes") if !routes.is_empty() => Self::Routes(routes),
            (Self::Set(set), _) => set.get(key).map_or(Self::Nothing, Self::Value),
            _ => Self::Nothing,
        }
    }

    /// The elements; none when it is no list.
    pub(super) fn items(self) -> impl Iterator<Item = Self> + use<'a> {
        let count = if self.is_list() { self.count() } else { 0 };
        (0..count).map(move |index| self.item(index))
    }

    fn is_list(self) -> bool {
        match self {
            Self::Value(value) => value.as_array().is_some(),
            _ => matches!(self, Self::Routes(_) | Self::Handlers(_) | Self::Sets(_)),
        }
    }

    fn item(self, index: usize) -> Self {
        match self {
            Self::Value(Value::Array(list)) => Self::Value(&list[index]),
            Self::Routes(routes) => Self::Route(&routes[index]),
            Self::Handlers(handlers) => Self::from(&handlers[index]),
            Self::Sets(sets) => Self::Set(&sets[index]),
            _ => Self::Nothing,
        }
    }

    /// The fields by name; none when it is no object of modules or values.
    pub(super) fn fields(self) -> Fields<'a> {
        match self {
            Self::Value(Value::Object(fields)) => Fields::Value(fields.iter()),
            Self::Set(set) => Fields::Set(set, 0),
            _ => Fields::None,
        }
    }

    /// How many elements or fields it has.
    pub(super) fn count(self) -> usize {
        match self {
            Self::Value(Value::Array(items)) => items.len(),
            Self::Value(Value::Object(fields)) => fields.len(),
            Self::Routes(routes) => routes.len(),
            Self::Handlers(handlers) => handlers.len(),
            Self::Sets(sets) => sets.len(),
            Self::Set(set) => set.iter().len(),
            _ => 0,
        }
    }

    /// Whether it is missing; `null` is there.
    pub(super) fn is_missing(self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// Whether it is missing or `null`.
    pub(super) fn is_null(self) -> bool {
        matches!(self, Self::Nothing | Self::Value(Value::Null))
    }

    /// The text, if it is one.
    pub(super) fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Value(value) => value.as_str(),
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub(super) fn as_bool(self) -> Option<bool> {
        match self {
            Self::Value(value) => value.as_bool(),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(super) fn as_number(self) -> Option<&'a serde_json::Number> {
        match self {
            Self::Value(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// How the value may stand in the text: a plain one as itself, a module by its name.
    pub(super) fn as_written(self) -> Option<String> {
        let name = || {
            ["expr", "handler", "module", "source", "policy"].iter().find_map(|key| self.at(key).as_text())
        };
        let number = || self.as_number().map(ToString::to_string);
        self.as_text().map(str::to_owned).or_else(number).or_else(|| name().map(str::to_owned))
    }

    /// A plain value as JSON, for messages.
    pub(super) fn to_json(self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            _ => "null".to_owned(),
        }
    }
}

impl<'a> From<&'a Handler> for View<'a> {
    fn from(handler: &'a Handler) -> Self {
        match &handler.body {
            HandlerBody::Module(fields) => Self::Value(fields),
            HandlerBody::Subroute(routes) => Self::Subroute(routes),
            HandlerBody::Null => Self::Nothing,
        }
    }
}

/// The fields of an object.
pub(super) enum Fields<'a> {
    None,
    Value(FieldsIter<'a>),
    /// A set, and how many of its matchers have been given.
    Set(&'a MatcherSet, usize),
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::None => None,
            Self::Value(fields) => fields.next().map(|(name, value)| (name, View::Value(value))),
            Self::Set(set, given) => {
                let (name, value) = set.iter().nth(*given)?;
                *given += 1;
                Some((name, View::Value(value)))
            }
        }
    }
}
