//! A handler in a form in which equal meaning is equal value.

use serde_json::{Map, Value};

use crate::routes::server::{Body, Entry};
use crate::routes::{answer, matchers};
use caddyctl_language::config::{Handler, HandlerBody, Value as Setting};
use caddyctl_language::modules::selection;

/// The configuration's own path, which `file_server` hides: under which names it goes on this side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own<'a> {
    /// The path of this side's Caddyfile.
    pub path: Option<&'a str>,
    /// The path of the other side's, to know a running server's by its file name.
    pub other: Option<&'a str>,
}

impl Own<'_> {
    /// Whether an entry of `hide` is there only because the configuration lies there.
    pub(super) fn is(&self, entry: &str) -> bool {
        match (self.path, self.other) {
            // Caddy writes `./` before a name that stands alone.
            (Some(path), _) => entry.trim_start_matches("./") == path.trim_start_matches("./"),
            (None, Some(other)) => file_name(entry) == file_name(other) || file_name(entry) == "Caddyfile",
            (None, None) => file_name(entry) == "Caddyfile",
        }
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The handler with its sets sorted, its groups without names, and without what means nothing.
pub(crate) fn handler(value: &Value, own: Own) -> Value {
    let mut out = nested(value, own, false);
    if answer::name(value) == "reverse_proxy" && order_of_upstreams_is_free(value) {
        out.get_mut("upstreams").map(sort);
    }
    if let Some(accounts) = out.pointer_mut("/providers/http_basic/accounts") {
        sort(accounts);
    }
    out
}

fn nested(value: &Value, own: Own, in_list: bool) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| !(in_list && *key == "group"))
            .filter_map(|(key, value)| Some((key.clone(), field(key, value, own)?)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| nested(item, own, in_list)).collect(),
        other => other.clone(),
    }
}

fn field(key: &str, value: &Value, own: Own) -> Option<Value> {
    match key {
        "hide" => {
            let mut hide: Vec<&str> = matchers::strings(value).filter(|entry| !own.is(entry)).collect();
            hide.sort_unstable();
            (!hide.is_empty()).then(|| hide.into())
        }
        "match" if value.is_array() => {
            let sets: Value = value.as_array()?.iter().map(matchers::normal_set).collect();
            Some(sets)
        }
        "routes" => Some(nested(value, own, true)),
        "ranges" | "trusted_proxies" | "delete" | "subjects" => {
            let mut value = nested(value, own, false);
            sort(&mut value);
            Some(value)
        }
        _ => Some(nested(value, own, false)),
    }
}

/// Whether the policy that chooses an upstream does not look at the order in which they are listed.
pub(super) fn order_of_upstreams_is_free(handler: &Value) -> bool {
    let policy = handler.pointer("/load_balancing/selection_policy/policy").and_then(Value::as_str);
    let known = policy.and_then(|policy| selection::NAMESPACE.find(policy));
    known.is_none_or(|policy| !policy.goes_by_order)
}

fn sort(value: &mut Value) {
    if let Value::Array(items) = value {
        items.sort_by_cached_key(Value::to_string);
    }
}

/// Whether two routes are plainly the same: equal but for the names of groups and each side's own path.
#[derive(Debug)]
pub(crate) struct Same<'a> {
    /// The names of the old side.
    pub old: Own<'a>,
    /// The names of the new side.
    pub new: Own<'a>,
    /// Groups known to be the same, under their two names.
    pub groups: Vec<(&'a str, &'a str)>,
}

impl<'a> Same<'a> {
    /// Whether what two top-level routes do is the same.
    pub(crate) fn same_routes(&mut self, old: &'a Entry, new: &'a Entry) -> bool {
        match (&old.body, &new.body) {
            (Body::Compiled(a, _), Body::Compiled(b, _)) => self.same_handlers(&a.handlers, &b.handlers),
            _ => match (old.route().get("handle"), new.route().get("handle")) {
                (Some(a), Some(b)) => self.same(a, b),
                (a, b) => a == b,
            },
        }
    }

    fn same_handlers(&mut self, old: &'a [Handler], new: &'a [Handler]) -> bool {
        old.len() == new.len()
            && old.iter().zip(new).all(|(a, b)| match (&a.body, &b.body) {
                (HandlerBody::Module(a), HandlerBody::Module(b)) => self.same_setting(a, b),
                (HandlerBody::Subroute(a), HandlerBody::Subroute(b)) => {
                    a.len() == b.len()
                        && a.iter().zip(b).all(|(a, b)| {
                            a.terminal == b.terminal
                                && a.matchers == b.matchers
                                && match (&a.group, &b.group) {
                                    (Some(a), Some(b)) => self.same_group(a, b),
                                    (a, b) => a == b,
                                }
                                && self.same_handlers(&a.handlers, &b.handlers)
                        })
                }
                (HandlerBody::Null, HandlerBody::Null) => true,
                _ => false,
            })
    }

    fn same_setting(&mut self, old: &'a Setting, new: &'a Setting) -> bool {
        match (old, new) {
            (Setting::Object(a), Setting::Object(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|((key, a), (other, b))| {
                        key == other
                            && match (key, a, b) {
                                ("group", Setting::String(a), Setting::String(b)) => self.same_group(a, b),
                                ("hide", Setting::Array(a), Setting::Array(b)) => {
                                    self.same_hide(a.iter().filter_map(text), b.iter().filter_map(text))
                                }
                                _ => self.same_setting(a, b),
                            }
                    })
            }
            (Setting::Array(a), Setting::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same_setting(a, b))
            }
            _ => old == new,
        }
    }

    /// Compares a value of the old side with one of the new.
    fn same(&mut self, old: &'a Value, new: &'a Value) -> bool {
        match (old, new) {
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b).all(|((ka, a), (kb, b))| ka == kb && self.same_field(ka, a, b))
            }
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b))
            }
            _ => old == new,
        }
    }

    fn same_field(&mut self, key: &str, old: &'a Value, new: &'a Value) -> bool {
        match (key, old, new) {
            ("group", Value::String(a), Value::String(b)) => self.same_group(a, b),
            ("hide", Value::Array(_), Value::Array(_)) => {
                self.same_hide(matchers::strings(old), matchers::strings(new))
            }
            _ => self.same(old, new),
        }
    }

    /// Two names of groups are the same when they always stand for each other.
    fn same_group(&mut self, old: &'a str, new: &'a str) -> bool {
        if let Some((a, b)) = self.groups.iter().find(|(a, b)| *a == old || *b == new) {
            return *a == old && *b == new;
        }
        self.groups.push((old, new));
        true
    }

    fn same_hide(&self, old: impl Iterator<Item = &'a str>, new: impl Iterator<Item = &'a str>) -> bool {
        old.filter(|entry| !self.old.is(entry)).eq(new.filter(|entry| !self.new.is(entry)))
    }
}

fn text(value: &Setting) -> Option<&str> {
    match value {
        Setting::String(text) => Some(text),
        _ => None,
    }
}
