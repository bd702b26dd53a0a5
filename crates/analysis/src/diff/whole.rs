//! The whole JSON of a side without secrets, and with the names of variables where their values stand.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::rc::Rc;

use serde_json::Value;

use super::effects::Written;
use super::report::Place;
use super::side::Side;
use crate::routes::variables;
use crate::routes::veil::has_chosen_names;
use caddyctl_language::config::Trace;
use caddyctl_language::config::indented::DEEPEST;
use caddyctl_language::config::pointer::escape;
use caddyctl_language::source::secrets;
use caddyctl_language::source::variables::{At, Mode, Variables};

/// The indented configuration of a side as it may be shown, line by line the same as the real one.
pub fn lines(side: &Side) -> String {
    let variables = variables(&side.sources);
    let hidden = secrets::hide_value("", &side.whole());
    let walk = Walk::new(side, &variables);
    let mut out = String::new();
    walk.print(&hidden, &mut String::new(), "", &walk.top(), 0, &mut out);
    out.push('\n');
    out
}

/// The texts and numbers of a side's configuration that come from variables, and the names in it.
pub fn from_variables(side: &Side) -> BTreeSet<String> {
    let variables = variables(&side.sources);
    if variables.is_empty() {
        return BTreeSet::new();
    }
    let walk = Walk::new(side, &variables);
    walk.print(&side.whole(), &mut String::new(), "", &walk.top(), 0, &mut String::new());
    let (mut found, keys) = (walk.texts.into_inner(), walk.keys.into_inner());
    found.extend(keys);
    found
}

/// The names in a side's configuration that come from variables.
pub fn keys_from_variables(side: &Side) -> BTreeSet<String> {
    let variables = variables(&side.sources);
    if variables.is_empty() {
        return BTreeSet::new();
    }
    let walk = Walk::new(side, &variables);
    walk.print(&side.whole(), &mut String::new(), "", &walk.top(), 0, &mut String::new());
    walk.keys.into_inner()
}

/// Places as variables are asked for them.
fn at(places: &[Place]) -> Vec<At<'_>> {
    places.iter().map(|place| (place.file.as_str(), place.line)).collect()
}

/// Where a part of a configuration was written.
#[derive(Clone)]
struct Origin<'a> {
    trace: Option<Trace<'a>>,
    places: Rc<Vec<Place>>,
}

/// The way down through a configuration.
struct Walk<'a> {
    side: &'a Side,
    variables: &'a Variables,
    written: Written<'a>,
    /// Where settings outside of routes are written, by their names.
    settings: RefCell<HashMap<String, Rc<Vec<Place>>>>,
    /// What was found to come from variables.
    texts: RefCell<BTreeSet<String>>,
    keys: RefCell<BTreeSet<String>>,
}

impl<'a> Walk<'a> {
    fn new(side: &'a Side, variables: &'a Variables) -> Self {
        Self {
            side,
            variables,
            written: Written::new(side),
            settings: RefCell::default(),
            texts: RefCell::default(),
            keys: RefCell::default(),
        }
    }

    /// The whole configuration.
    fn top(&self) -> Origin<'a> {
        Origin { trace: self.side.document.as_ref().map(Trace::of), places: Rc::default() }
    }

    /// Where the member `key` was written: only routes and handlers know that.
    fn step(&self, around: &Origin<'a>, key: &str) -> Origin<'a> {
        if self.variables.is_empty() {
            return around.clone();
        }
        let trace = around.trace.map(|trace| trace.step(key));
        let span = |trace: Option<Trace>| trace.and_then(Trace::span);
        let place = (span(trace) != span(around.trace)).then(|| self.side.place(span(trace))).flatten();
        let places = place.map_or_else(|| Rc::clone(&around.places), |place| Rc::new(vec![place]));
        Origin { trace, places }
    }

    /// The text of `value` in the layout of [`indented`](caddyctl_language::config::indented). The pointer is the same again afterwards: of
    /// a deep value one for each level would take gigabytes.
    fn print(
        &self,
        value: &Value,
        pointer: &mut String,
        name: &str,
        origin: &Origin<'a>,
        depth: usize,
        out: &mut String,
    ) {
        let end = pointer.len();
        let indent = |depth: usize, out: &mut String| {
            out.push('\n');
            (0..depth.min(DEEPEST)).for_each(|_| out.push_str("  "));
        };
        match value {
            Value::Array(items) if !items.is_empty() => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    indent(depth + 1, out);
                    let _ = write!(pointer, "/{at}");
                    let origin = self.step(origin, &at.to_string());
                    self.print(item, pointer, name, &origin, depth + 1, out);
                    pointer.truncate(end);
                }
                indent(depth, out);
                out.push(']');
            }
            Value::Object(fields) if !fields.is_empty() => {
                let is_chosen = has_chosen_names(name, fields);
                out.push('{');
                for (at, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    indent(depth + 1, out);
                    let shown = self.key(key, is_chosen, &origin.places);
                    let _ = write!(out, "{}: ", Value::from(shown));
                    let _ = write!(pointer, "/{}", escape(key));
                    let origin = self.step(origin, key);
                    self.print(value, pointer, key, &origin, depth + 1, out);
                    pointer.truncate(end);
                }
                indent(depth, out);
                out.push('}');
            }
            leaf => {
                let _ = write!(out, "{}", self.leaf(leaf, pointer, &origin.places));
            }
        }
    }

    fn key(&self, key: &str, is_chosen: bool, places: &[Place]) -> String {
        let shown = if is_chosen && key != "handler" {
            self.variables.hide_name(key, &at(places))
        } else {
            self.variables.hide_distinct(key, Mode::Value)
        };
        if shown != key {
            self.keys.borrow_mut().insert(key.to_owned());
        }
        shown
    }

    fn leaf(&self, leaf: &Value, pointer: &str, places: &Rc<Vec<Place>>) -> Value {
        let (Value::String(_) | Value::Number(_)) = leaf else { return leaf.clone() };
        if self.variables.is_empty() || pointer.ends_with("/handler") {
            return leaf.clone();
        }
        let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
        let places = if places.is_empty() { self.setting(pointer) } else { Rc::clone(places) };
        let shown = self.hide(&text, &places);
        if shown == text {
            return leaf.clone();
        }
        self.texts.borrow_mut().insert(text);
        shown.into()
    }

    fn hide(&self, text: &str, places: &[Place]) -> String {
        self.variables.hide(text, &at(places))
    }

    /// Where the setting at `pointer` is written, which lies outside of routes.
    fn setting(&self, pointer: &str) -> Rc<Vec<Place>> {
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let numbered = |part: &str| {
            ["log", "srv", "cert"].iter().any(|name| part.strip_prefix(name).is_some_and(is_number))
        };
        let parts = pointer.split('/').filter(|part| !is_number(part) && !numbered(part));
        let name = parts.collect::<Vec<_>>().join(".");
        let mut known = self.settings.borrow_mut();
        Rc::clone(known.entry(name).or_insert_with_key(|name| Rc::new(self.written.settings(name))))
    }
}
