//! Handlers and matchers in which values of the environment are the names of their variables, before they become words.
//! A sentence is made of them afterwards, so that its own words are never taken for a value.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::flat::{Flat, Row};
use super::server::Config;
use super::{answer, handler, words};
use caddyctl_language::config::span_at;
use caddyctl_language::source::variables::{At, Variables};
use caddyctl_language::source::{Sources, Span};

/// What hides the values of one configuration.
#[derive(Clone, Copy)]
pub(crate) struct Veil<'v> {
    /// The files that it was compiled from.
    pub sources: &'v Sources,
    /// Their variables.
    pub variables: &'v Variables,
}

/// A row in words.
pub(crate) struct Shown {
    /// Its matchers.
    pub matchers: String,
    /// What the handler does, without the directive's name.
    pub what: String,
    /// Where a proxy sends requests.
    pub upstreams: Vec<String>,
}

/// Settings whose names are chosen by who writes them: headers, parameters, variables.
const NAMED: &[&str] = &[
    "header",
    "header_regexp",
    "query",
    "vars",
    "vars_regexp",
    "set",
    "add",
    "replace",
    "headers",
    "env",
    "encodings",
    "logger_names",
    "logs",
    "precompressed",
    "certificate_authorities",
    "filesystems",
    "servers",
    "named_routes",
];

/// Whether the names of these settings, which are known under `name` themselves, were chosen by who wrote them.
pub(crate) fn has_chosen_names(name: &str, fields: &Map<String, Value>) -> bool {
    NAMED.contains(&name) || fields.get("handler").and_then(Value::as_str) == Some("vars")
}

impl Veil<'_> {
    /// A row of `flat` in words.
    pub(crate) fn row(&self, config: Config<'_>, flat: &Flat, row: &Row) -> Shown {
        let mut upstreams = handler::upstreams(row.handler);
        if self.variables.is_empty() {
            return Shown { matchers: flat.matchers(row), what: handler::what(row.handler), upstreams };
        }
        let at: Vec<At> = self.place(config, &row.pointer).into_iter().collect();
        let matchers = flat.matchers_as(row, &|sets| words::sets(&self.sets(sets, &at)));
        // With its scheme an upstream is a value as a whole. How many a range makes is not shown.
        for upstream in &mut upstreams {
            *upstream = self.variables.hide(upstream, &at);
        }
        upstreams.dedup_by(|next, last| next == last && next.contains("{$"));
        let what = if answer::name(row.handler) == "reverse_proxy" {
            upstreams.join(" ")
        } else {
            handler::what(&self.value(row.handler, &at))
        };
        Shown { matchers, what, upstreams }
    }

    /// The file and the line of the handler at `pointer`.
    pub(crate) fn place(&self, config: Config<'_>, pointer: &str) -> Option<(&str, usize)> {
        let span: Span = span_at(config.document?, pointer)?;
        Some((self.sources.file(span.file).shown(), self.sources.position(span).line))
    }

    /// A handler, or what else is known under `name`.
    pub(crate) fn value<'j>(&self, value: &'j Value, at: &[At]) -> Cow<'j, Value> {
        if self.variables.is_empty() { Cow::Borrowed(value) } else { Cow::Owned(self.below("", value, at)) }
    }

    /// Sets of matchers.
    pub(crate) fn sets<'j>(&self, sets: &'j [Value], at: &[At]) -> Cow<'j, [Value]> {
        if self.variables.is_empty() {
            return Cow::Borrowed(sets);
        }
        Cow::Owned(sets.iter().map(|set| self.below("", set, at)).collect())
    }

    fn below(&self, name: &str, value: &Value, at: &[At]) -> Value {
        match value {
            Value::String(text) => self.variables.hide(text, at).into(),
            Value::Number(number) => {
                let text = number.to_string();
                let shown = self.variables.hide(&text, at);
                if shown == text { value.clone() } else { shown.into() }
            }
            Value::Array(items) => items.iter().map(|item| self.below(name, item, at)).collect(),
            Value::Object(fields) => self.object(name, fields, at).into(),
            other => other.clone(),
        }
    }

    fn object(&self, name: &str, fields: &Map<String, Value>, at: &[At]) -> Map<String, Value> {
        let is_named = has_chosen_names(name, fields);
        let one = |(key, value): (&String, &Value)| {
            // What Caddy itself calls a thing is no value: the names of handlers and modules.
            let is_ours = matches!(key.as_str(), "module" | "protocol" | "policy") && !is_named;
            if is_ours || key == "handler" {
                return (key.clone(), value.clone());
            }
            let shown = if is_named { self.variables.hide_name(key, at) } else { key.clone() };
            (shown, self.below(key, value, at))
        };
        fields.iter().map(one).collect()
    }
}
