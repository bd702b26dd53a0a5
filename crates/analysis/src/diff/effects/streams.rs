//! Routes whose open streams the reload will close.

use serde_json::{Map, Value};

use super::super::report::{Change, Effect, EffectKind};
use super::super::side::Side;
use super::super::units::Units;
use crate::routes::answer;
use crate::routes::effort::Effort;
use crate::routes::flat::Flat;
use crate::routes::handler;
use crate::routes::server::{Body, Entry, Server};
use caddyctl_language::config::{self, Fields, HandlerBody, Value as Setting};

/// More routes than this are counted, not listed.
const LISTED: usize = 10;

/// Every change of the configuration replaces all of it, and with it closes the streams of the *old* configuration's
/// proxies, unless they have a `stream_close_delay`.
pub(crate) fn streams(old: &Side, units: &Units) -> Option<Effect> {
    let counts: Vec<usize> = units.entries.iter().map(|(server, entry)| of_entry(server, entry)).collect();
    let count: usize = counts.iter().sum();
    if count > LISTED {
        let message =
            format!("the reload closes the open WebSockets of {count} routes without stream_close_delay");
        return Some(super::effect(EffectKind::Streams, Change::Changed, "streams", message));
    }
    let mut routes = Vec::new();
    let mut place = None;
    for ((server, entry), _) in units.entries.iter().zip(counts).filter(|(_, count)| *count > 0) {
        let flat = Flat::new(server, std::iter::once(entry), &Effort::default());
        let host = entry.hosts.first().map_or("", String::as_str);
        let site = server.addresses().first().map(|address| server.site(host, address).to_string());
        for row in flat.rows.iter().filter(|row| handler::closes_streams(row.handler)) {
            routes.push(format!("{} {}", site.as_deref().unwrap_or(""), flat.matchers(row)));
            place = place.or_else(|| old.place_of(&row.pointer));
        }
    }
    if routes.is_empty() {
        return None;
    }
    let message = match routes.as_slice() {
        [route] => format!("the reload closes the open WebSockets of {route} (no stream_close_delay)"),
        _ => format!(
            "the reload closes the open WebSockets of {} routes without stream_close_delay",
            routes.len()
        ),
    };
    let mut effect = super::effect(EffectKind::Streams, Change::Changed, "streams", message);
    effect.sites = routes;
    effect.old_place = place;
    Some(effect)
}

/// How many proxies of a top-level route close their streams.
fn of_entry(server: &Server, entry: &Entry) -> usize {
    match &entry.body {
        Body::Json(value) => count(server, value),
        Body::Compiled(route, _) => of_route(server, route),
    }
}

fn of_route(server: &Server, route: &config::Route) -> usize {
    let handlers = route.handlers.iter().map(|handler| match &handler.body {
        HandlerBody::Subroute(routes) => routes.iter().map(|route| of_route(server, route)).sum(),
        HandlerBody::Module(fields) => of_module(server, fields),
        HandlerBody::Null => 0,
    });
    handlers.sum()
}

fn of_module(server: &Server, value: &Setting) -> usize {
    match value {
        Setting::Object(fields) => {
            let below: usize = fields.iter().map(|(_, value)| of_module(server, value)).sum();
            let name = fields.iter().find_map(|(name, value)| match value {
                Setting::String(text) if name == "handler" => Some(text.as_str()),
                _ => None,
            });
            below
                + match name {
                    Some("reverse_proxy" | "invoke") => own(server, &outline(fields)),
                    _ => 0,
                }
        }
        Setting::Array(items) => items.iter().map(|item| of_module(server, item)).sum(),
        _ => 0,
    }
}

/// A handler without the routes in it, which may hold others: with all of each, deep ones took the square of their depth.
fn outline(fields: &Fields) -> Value {
    let first = |responses: &Setting| -> Option<Value> {
        let Setting::Object(first) = responses.as_array()?.first()? else { return None };
        let matcher = first.iter().find(|(name, _)| *name == "match").map(|(_, value)| Value::from(value));
        Some(Map::from_iter([("match".to_owned(), matcher?)]).into())
    };
    let outlined = fields.iter().map(|(name, value)| {
        let value = match name {
            "handle_response" => Value::Array(first(value).into_iter().collect()),
            _ => value.into(),
        };
        (name.to_owned(), value)
    });
    outlined.collect::<Map<_, _>>().into()
}

/// How many a handler itself has: a proxy, or those of the named route that it invokes.
fn own(server: &Server, handler: &Value) -> usize {
    match (answer::name(handler), handler.get("name").and_then(Value::as_str)) {
        // A named route that is invoked by another is not followed: it may lead back.
        ("invoke", Some(name)) => server.named(name).map_or(0, proxies),
        _ => usize::from(handler::closes_streams(handler)),
    }
}

fn proxies(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(fields) => fields.values().map(proxies).sum(),
        Value::Array(items) => items.iter().map(proxies).sum(),
        _ => return 0,
    };
    below + usize::from(value.is_object() && handler::closes_streams(value))
}

/// How many proxies below `value` close their streams.
fn count(server: &Server, value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(fields) => fields.values().map(|value| count(server, value)).sum(),
        Value::Array(items) => items.iter().map(|item| count(server, item)).sum(),
        _ => return 0,
    };
    below + if value.is_object() { own(server, value) } else { 0 }
}
