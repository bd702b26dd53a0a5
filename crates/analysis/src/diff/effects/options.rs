//! Settings outside the routes, and what they need beyond a reload.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Value};

use super::super::access;
use super::super::fields::{self, Show};
use super::super::message::{Message, Values};
use super::super::report::{Change, Effect, EffectKind, Field};
use super::super::units::Units;
use super::{Half, env, logs};
use crate::routes::server::Server;
use crate::routes::words;

/// What a setting needs beyond a reload, by the beginning of its name; the first that fits counts.
const NEEDS: &[(&str, &str)] = &[
    ("admin.disabled", "after this load no hot reload is possible: every further change needs a restart"),
    ("admin.listen", "the next deploy has to use the new admin address"),
    ("admin.origins", "the next deploy has to come from an origin that is allowed"),
    ("admin.enforce_origin", "the next deploy has to send an Origin header"),
    ("admin.config.persist", "a restart with --resume finds another configuration"),
    (
        "storage",
        "certificates, keys and accounts are not carried over: copy the data, or Caddy obtains all anew",
    ),
    ("apps.pki", "clients have to trust the certificate authority as it is now"),
];

/// The settings that differ outside routes and certificates.
pub(crate) fn options(old: Half, new: Half, show: Show) -> Vec<Effect> {
    let mut effects = Vec::new();
    let (before, after) = (outside(&old.side.config), outside(&new.side.config));
    for field in fields::fields(&before, &after, show) {
        effects.push(option(old, new, "", &field));
    }
    servers(old, new, show, &mut effects);
    effects.extend(env::env(old, new));
    effects
}

fn option(old: Half, new: Half, prefix: &str, field: &Field) -> Effect {
    let (change, values) = match (&field.old, &field.new) {
        (None, Some(value)) => (Change::Added, Values::Set(words::cut(value, 160))),
        (Some(value), None) => (Change::Removed, Values::Unset(words::cut(value, 160))),
        (old, new) => {
            let value = |value: &Option<String>| words::cut(value.as_deref().unwrap_or(""), 120);
            (Change::Changed, Values::Other(value(old), value(new)))
        }
    };
    let name = format!("{prefix}{}", field.name);
    let mut effect = super::effect(EffectKind::Option, change, &name, Message::Option(name.clone(), values));
    effect.needs =
        NEEDS.iter().find(|(start, _)| field.name.starts_with(start)).map(|(_, needs)| (*needs).to_owned());
    effect.old_place = field.old.as_ref().and_then(|_| old.written.setting(&name, new.written));
    effect.new_place = field.new.as_ref().and_then(|_| new.written.setting(&name, old.written));
    effect
}

/// The configuration without its servers, its automation policies and the names it automates, which are compared separately.
fn outside(config: &Value) -> Value {
    let Some(top) = config.as_object() else { return config.clone() };
    let mut out = Map::new();
    for (key, value) in top {
        if key != "apps" {
            out.insert(key.clone(), value.clone());
        }
    }
    let mut apps = Map::new();
    for (name, app) in top.get("apps").and_then(Value::as_object).into_iter().flatten() {
        let app = match (name.as_str(), app.as_object()) {
            ("http", Some(http)) => without(http, "servers"),
            ("tls", Some(tls)) => tls_outside(tls),
            _ => app.clone(),
        };
        if app.as_object().is_none_or(|app| !app.is_empty()) {
            apps.insert(name.clone(), app);
        }
    }
    if !apps.is_empty() {
        out.insert("apps".to_owned(), apps.into());
    }
    renumbered_loggers(&mut out);
    out.into()
}

/// `fields` without `key`.
fn without(fields: &Map<String, Value>, key: &str) -> Value {
    fields
        .iter()
        .filter(|(name, _)| *name != key)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn tls_outside(tls: &Map<String, Value>) -> Value {
    let mut out = Map::new();
    for (key, value) in tls {
        let value = match (key.as_str(), value.as_object()) {
            ("automation", Some(fields)) => without(fields, "policies"),
            ("certificates", Some(fields)) => without(fields, "automate"),
            _ => value.clone(),
        };
        if value.as_object().is_none_or(|fields| !fields.is_empty()) {
            out.insert(key.clone(), value);
        }
    }
    out.into()
}

/// Loggers named by their number in the file are named by what they write instead.
fn renumbered_loggers(top: &mut Map<String, Value>) {
    let Some(Value::Object(logs)) = top.get_mut("logging").and_then(|logging| logging.get_mut("logs")) else {
        return;
    };
    let numbered = |name: &str| name.strip_prefix("log").is_some_and(|n| n.parse::<u32>().is_ok());
    let own: Vec<String> = logs.keys().filter(|name| numbered(name)).cloned().collect();
    for name in own {
        let Some(mut value) = logs.remove(&name) else { continue };
        if let Some(fields) = value.as_object_mut() {
            fields.remove("include");
        }
        let label = logs::label(&value);
        let mut unique = label;
        while logs.contains_key(&unique) {
            unique.push('\'');
        }
        logs.insert(unique, value);
    }
    if let Some(Value::Object(default)) = logs.get_mut("default") {
        let made_up = |entry: &Value| {
            entry.as_str().is_some_and(|name| name.strip_prefix("http.log.access.").is_some_and(numbered))
        };
        if let Some(Value::Array(exclude)) = default.get_mut("exclude") {
            exclude.retain(|entry| !made_up(entry));
            if exclude.is_empty() {
                default.remove("exclude");
            }
        }
        if default.is_empty() {
            logs.remove("default");
        }
    }
}

/// Settings of servers that share an address.
fn servers(old: Half, new: Half, show: Show, effects: &mut Vec<Effect>) {
    let (old_units, new_units) = (old.units, new.units);
    let mut by_address: BTreeMap<String, (&Server, &Range<usize>)> = BTreeMap::new();
    for (server, range) in &old_units.servers {
        for address in server.addresses() {
            by_address.insert(address.clone(), (server, range));
        }
    }
    for (server, range) in &new_units.servers {
        let addresses = server.addresses();
        let Some(&(before, before_range)) = addresses.iter().find_map(|address| by_address.get(address))
        else {
            continue;
        };
        let prefix = format!("{} ", addresses.join(" "));
        for field in fields::fields(&settings(before), &settings(server), show) {
            effects.push(option(old, new, &prefix, &field));
        }
        let hosts = |units: &Units, range: &Range<usize>| -> Vec<String> {
            let mut hosts: Vec<String> = Vec::new();
            for entry in units.entries_of(range) {
                if entry.hosts.is_empty() {
                    hosts.push(String::new());
                }
                hosts.extend(entry.hosts.iter().cloned());
            }
            hosts.sort();
            hosts.dedup();
            hosts
        };
        let (was, is) = (hosts(old_units, before_range), hosts(new_units, range));
        let both: Vec<String> = is.into_iter().filter(|host| was.binary_search(host).is_ok()).collect();
        let mut of_logs =
            logs::logs((&old.side.config, before.value), (&new.side.config, server.value), &both);
        for effect in &mut of_logs {
            let host = effect.sites.first().filter(|host| *host != "any host").cloned().unwrap_or_default();
            let place = |half: Half| {
                let found =
                    addresses.iter().find_map(|at| half.units.sites.get(&(host.clone(), at.clone())))?;
                let log = half.written.directive(half.units.pointer(found), "log");
                log.or_else(|| half.written.unit(half.units, found))
            };
            (effect.old_place, effect.new_place) = (place(old), place(new));
        }
        effects.extend(of_logs);
        let first = effects.len();
        skipped(before, server, &both, effects);
        for effect in &mut effects[first..] {
            let Some(host) = effect.sites.first().cloned() else { continue };
            let place = |half: Half, other: Half| {
                let option = half.written.setting("automatic_https", other.written);
                let unit = addresses.iter().find_map(|at| half.units.sites.get(&(host.clone(), at.clone())));
                option.or_else(|| half.written.unit(half.units, unit?))
            };
            (effect.old_place, effect.new_place) = (place(old, new), place(new, old));
        }
    }
}

/// A server without what is reported elsewhere: its routes, its listeners, the hosts that automatic HTTPS or logs skip.
fn settings(server: &Server) -> Value {
    let apart = ["routes", "errors", "named_routes", "listen"];
    let mut out = Map::new();
    for (key, value) in server.value.as_object().into_iter().flatten() {
        let value = match (key.as_str(), value.as_object()) {
            (key, _) if apart.contains(&key) => continue,
            ("automatic_https", Some(fields)) => without(fields, "skip"),
            ("tls_connection_policies", _) => {
                let policies = access::without_client_auth(value);
                if policies.as_array().is_some_and(Vec::is_empty) {
                    continue;
                }
                policies
            }
            ("logs", Some(fields)) => fields
                .iter()
                .filter(|(name, _)| {
                    !["logger_names", "skip_hosts", "default_logger_name", "skip_unmapped_hosts"]
                        .contains(&name.as_str())
                })
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            _ => value.clone(),
        };
        if value.as_object().is_none_or(|fields| !fields.is_empty()) {
            out.insert(key.clone(), value);
        }
    }
    out.into()
}

/// Hosts that automatic HTTPS leaves alone now, or no longer, on both sides of a change.
fn skipped(old: &Server, new: &Server, hosts: &[String], effects: &mut Vec<Effect>) {
    for (change, from, to, words) in [
        (Change::Removed, new, old, "automatic HTTPS switched off"),
        (Change::Added, old, new, "automatic HTTPS switched on"),
    ] {
        let hosts: Vec<String> =
            hosts.iter().filter(|host| from.skips(host) && !to.skips(host)).cloned().collect();
        if !hosts.is_empty() {
            let names = super::hosts(&hosts);
            let mut effect =
                super::effect(EffectKind::Option, change, "automatic_https", format!("{words} for {names}"));
            effect.sites = hosts;
            effects.push(effect);
        }
    }
}
