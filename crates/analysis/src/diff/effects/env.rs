//! Run-time variables, `{env.NAME}`, that the new configuration reads and the old one did not.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::super::report::{Change, Effect, EffectKind};
use super::Half;
use crate::routes::server::Body;
use caddyctl_language::config::pointer::escape;
use caddyctl_language::config::{HandlerBody, MatcherSet, Route, Value as Setting};

/// The variables that only the new side reads.
pub(crate) fn env(old: Half, new: Half) -> Vec<Effect> {
    let (before, after) = (names(old), names(new));
    let effects = after.difference(&before).map(|name| {
        let message = format!("reads {{env.{name}}}");
        let mut effect = super::effect(EffectKind::Option, Change::Added, format!("env.{name}"), message);
        effect.needs = Some(
            "a restart, when the variable is new to the service: a reload keeps the old environment"
                .to_owned(),
        );
        effect.new_place = match pointer(new, &format!("{{env.{name}}}")) {
            Some(at) if at.starts_with("/apps/http/servers/") && at.contains("/routes/") => {
                new.side.place_of(&at)
            }
            Some(at) => new.written.setting(&at.replace('/', "."), old.written),
            None => None,
        };
        effect
    });
    effects.collect()
}

/// All variables that a side reads.
fn names(half: Half) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    in_value(&half.side.config, &mut names);
    for (_, entry) in &half.units.entries {
        // Routes that came as JSON are part of the side's configuration.
        if let Body::Compiled(route, _) = &entry.body {
            in_route(route, &mut names);
        }
    }
    names
}

fn in_text(text: &str, names: &mut BTreeSet<String>) {
    for (at, _) in text.match_indices("{env.") {
        if let Some(end) = text[at..].find('}') {
            names.insert(text[at + 5..at + end].to_owned());
        }
    }
}

fn in_value(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => in_text(text, names),
        Value::Array(items) => items.iter().for_each(|item| in_value(item, names)),
        Value::Object(fields) => fields.values().for_each(|item| in_value(item, names)),
        _ => {}
    }
}

fn in_route(route: &Route, names: &mut BTreeSet<String>) {
    for (_, value) in route.matchers.iter().flat_map(MatcherSet::iter) {
        in_setting(value, names);
    }
    for handler in &route.handlers {
        match &handler.body {
            HandlerBody::Subroute(routes) => routes.iter().for_each(|route| in_route(route, names)),
            HandlerBody::Module(fields) => in_setting(fields, names),
            HandlerBody::Null => {}
        }
    }
}

fn in_setting(value: &Setting, names: &mut BTreeSet<String>) {
    match value {
        // Most texts have no placeholder, and many are shorter than one.
        Setting::String(text) if text.len() > 5 => in_text(text, names),
        Setting::Array(items) => items.iter().for_each(|item| in_setting(item, names)),
        Setting::Object(fields) => fields.iter().for_each(|(_, item)| in_setting(item, names)),
        _ => {}
    }
}

/// The JSON pointer of the first text with `placeholder`: in a route, or outside of them.
fn pointer(half: Half, placeholder: &str) -> Option<String> {
    let in_routes = half.units.entries.iter().find_map(|(_, entry)| {
        let mut at = entry.pointer.clone();
        find(entry.route(), placeholder, &mut at).then_some(at)
    });
    in_routes.or_else(|| {
        let mut at = String::new();
        find(&half.side.config, placeholder, &mut at).then_some(at)
    })
}

/// Makes `pointer` lead to the first text below `value` with `placeholder`.
fn find(value: &Value, placeholder: &str, pointer: &mut String) -> bool {
    let length = pointer.len();
    let found = match value {
        Value::String(text) => return text.contains(placeholder),
        Value::Array(items) => items.iter().enumerate().any(|(index, item)| {
            pointer.truncate(length);
            let _ = write!(pointer, "/{index}");
            find(item, placeholder, pointer)
        }),
        Value::Object(fields) => fields.iter().any(|(key, item)| {
            pointer.truncate(length);
            pointer.push('/');
            pointer.push_str(&escape(key));
            find(item, placeholder, pointer)
        }),
        _ => false,
    };
    if !found {
        pointer.truncate(length);
    }
    found
}
