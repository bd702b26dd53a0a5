//! Routes, handlers and matchers.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::matcher_set::MatcherSet;
use super::module::Module;
use super::value::Value;
use crate::source::Span;

/// So many values of a matcher or a setting count as much as a handler.
const LARGE: usize = 8;

/// A route: handlers for the requests that one of its matcher sets matches.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Of the routes of one group only the first that matches runs.
    pub group: Option<String>,
    /// One of these must hold; empty for every request.
    pub matchers: Vec<MatcherSet>,
    /// What happens, in order.
    pub handlers: Vec<Handler>,
    /// Whether no later route is tried.
    pub terminal: bool,
    /// The directive it was compiled from.
    pub(crate) span: Span,
}

/// A handler and the directive it was compiled from.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The directive.
    pub(crate) span: Span,
    /// What it does.
    pub body: HandlerBody,
}

/// What a handler does.
#[derive(Clone, Debug)]
pub enum HandlerBody {
    /// A module with its fields, the `handler` key among them.
    Module(Value),
    /// The `subroute` handler.
    Subroute(Vec<Route>),
    /// A handler that JSON cannot carry (NaN among its values): Caddy writes `null`.
    Null,
}

/// Nested routes are dropped one after the other, since they may be nested deeper than a thread's stack is.
impl Drop for Handler {
    fn drop(&mut self) {
        let HandlerBody::Subroute(routes) = &mut self.body else { return };
        let mut open = vec![std::mem::take(routes)];
        while let Some(routes) = open.pop() {
            for handler in routes.into_iter().flat_map(|mut route| std::mem::take(&mut route.handlers)) {
                let mut handler = handler;
                if let HandlerBody::Subroute(inner) = &mut handler.body {
                    open.push(std::mem::take(inner));
                }
            }
        }
    }
}

impl Handler {
    /// The handler `name` with `fields`.
    pub(crate) fn module(name: &str, mut fields: Module, span: Span) -> Self {
        fields.insert("handler", Value::from(name));
        Self { span, body: HandlerBody::Module(fields.into()) }
    }

    /// A `subroute` handler.
    pub(crate) fn subroute(routes: Vec<Route>, span: Span) -> Self {
        Self { span, body: HandlerBody::Subroute(routes) }
    }

    /// As it stands inside a module: every key sorted.
    pub(crate) fn into_value(mut self) -> Value {
        match std::mem::replace(&mut self.body, HandlerBody::Null) {
            HandlerBody::Module(fields) => fields,
            HandlerBody::Subroute(routes) => {
                let mut fields = Module::new();
                fields.insert("handler", Value::from("subroute"));
                if !routes.is_empty() {
                    fields.insert("routes", routes.into_iter().map(Route::into_value).collect::<Value>());
                }
                Value::Object(fields)
            }
            HandlerBody::Null => Value::Null,
        }
    }
}

impl Route {
    /// How many handlers there are in it. Large settings and matchers count for more than one.
    pub(crate) fn size(&self) -> usize {
        let matchers =
            self.matchers.iter().flat_map(MatcherSet::iter).map(|(_, value)| value.leaves() / LARGE);
        let handlers = self.handlers.iter().map(|handler| match &handler.body {
            HandlerBody::Module(fields) => 1 + fields.leaves() / LARGE,
            HandlerBody::Subroute(routes) => routes.iter().map(Self::size).sum(),
            HandlerBody::Null => 1,
        });
        matchers.sum::<usize>() + handlers.sum::<usize>()
    }

    /// A route for every request with one handler.
    pub(crate) fn of(handler: Handler) -> Self {
        Self { span: handler.span, handlers: vec![handler], ..Self::default() }
    }

    /// As it stands inside a module: every key sorted.
    pub(crate) fn into_value(self) -> Value {
        let mut fields = Module::new();
        if let Some(group) = self.group.filter(|group| !group.is_empty()) {
            fields.insert("group", Value::from(group));
        }
        if !self.handlers.is_empty() {
            fields.insert("handle", self.handlers.into_iter().map(Handler::into_value).collect::<Value>());
        }
        if !self.matchers.is_empty() {
            let sets = self.matchers.into_iter().map(Value::from);
            fields.insert("match", sets.collect::<Value>());
        }
        if self.terminal {
            fields.insert("terminal", Value::Bool(true));
        }
        Value::Object(fields)
    }
}

/// A route of a server stands in Go's field order. Everything below its handlers is sorted.
impl Serialize for Route {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(group) = self.group.as_deref().filter(|group| !group.is_empty()) {
            map.serialize_entry("group", group)?;
        }
        if !self.matchers.is_empty() {
            map.serialize_entry("match", &TopMatchers(&self.matchers))?;
        }
        if !self.handlers.is_empty() {
            map.serialize_entry("handle", &self.handlers)?;
        }
        if self.terminal {
            map.serialize_entry("terminal", &true)?;
        }
        map.end()
    }
}

impl Serialize for Handler {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.body {
            HandlerBody::Module(fields) => fields.serialize(serializer),
            HandlerBody::Subroute(routes) => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("handler", "subroute")?;
                if !routes.is_empty() {
                    map.serialize_entry("routes", &NestedRoutes(routes))?;
                }
                map.end()
            }
            HandlerBody::Null => serializer.serialize_unit(),
        }
    }
}

/// Routes inside a module: every key sorted.
struct NestedRoutes<'a>(&'a [Route]);

impl Serialize for NestedRoutes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(NestedRoute))
    }
}

struct NestedRoute<'a>(&'a Route);

impl Serialize for NestedRoute<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let route = self.0;
        let mut map = serializer.serialize_map(None)?;
        if let Some(group) = route.group.as_deref().filter(|group| !group.is_empty()) {
            map.serialize_entry("group", group)?;
        }
        if !route.handlers.is_empty() {
            map.serialize_entry("handle", &route.handlers)?;
        }
        if !route.matchers.is_empty() {
            map.serialize_entry("match", &route.matchers)?;
        }
        if route.terminal {
            map.serialize_entry("terminal", &true)?;
        }
        map.end()
    }
}

/// Matchers of a server's route. Two of them keep Go's field order here, since nothing re-encodes them.
struct TopMatchers<'a>(&'a [MatcherSet]);

impl Serialize for TopMatchers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(TopSet))
    }
}

struct TopSet<'a>(&'a MatcherSet);

impl Serialize for TopSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, TopMatcher { name, value })))
    }
}

struct TopMatcher<'a> {
    name: &'a str,
    value: &'a Value,
}

impl TopMatcher<'_> {
    /// The fields of the matchers that are structs in Caddy with other than alphabetical order.
    fn field_order(&self) -> &'static [&'static str] {
        match self.name {
            "file" => &["fs", "root", "try_files", "try_policy", "split_path"],
            "url_pattern" => &["pattern", "base_url", "ignore_case"],
            _ => &[],
        }
    }
}

impl Serialize for TopMatcher<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.name, self.value) {
            // `not` holds matcher sets as they are.
            ("not", Value::Array(sets)) => {
                let mut seq = serializer.serialize_seq(Some(sets.len()))?;
                for set in sets {
                    match set {
                        Value::Object(set) => seq.serialize_element(&TopNestedSet(set))?,
                        other => seq.serialize_element(other)?,
                    }
                }
                seq.end()
            }
            ("file" | "url_pattern", Value::Object(fields)) => {
                let ordered = self.field_order().iter().filter_map(|name| Some((*name, fields.get(name)?)));
                serializer.collect_map(ordered)
            }
            _ => self.value.serialize(serializer),
        }
    }
}

struct TopNestedSet<'a>(&'a Module);

impl Serialize for TopNestedSet<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, TopMatcher { name, value })))
    }
}
