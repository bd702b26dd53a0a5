//! Routes whose open streams the reload will close.

use serde_json::Value;

use super::super::report::{Change, Effect, EffectKind};
use super::super::side::Side;
use super::super::units::Units;
use crate::routes::flat::Flat;
use crate::routes::handler;

/// More routes than this are counted, not listed.
const LISTED: usize = 10;

/// Every change of the configuration replaces all of it, and with it closes the streams of the *old* configuration's
/// proxies, unless they have a `stream_close_delay`.
pub fn streams(old: &Side, units: &Units) -> Option<Effect> {
    let count: usize = units.entries.iter().map(|(_, entry)| count(entry.route)).sum();
    if count > LISTED {
        let message =
            format!("the reload closes the open WebSockets of {count} routes without stream_close_delay");
        return Some(super::effect(EffectKind::Streams, Change::Changed, "streams", message));
    }
    let mut routes = Vec::new();
    let mut place = None;
    for (server, entry) in &units.entries {
        let flat = Flat::new(server, std::iter::once(entry));
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

/// How many proxies below `value` close their streams.
fn count(value: &Value) -> usize {
    let below: usize = match value {
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => return 0,
    };
    below + usize::from(value.is_object() && handler::closes_streams(value))
}
