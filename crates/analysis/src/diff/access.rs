//! Access control: who may make a request. What changes there is reported apart from other routes, and first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::effects::Half;
use super::fields::{self, Show};
use super::report::{Access, AccessKind, Change, Control, Field, RouteChange};
use crate::routes::flat::{Flat, Row};
use crate::routes::server::{Phase, Server};
use crate::routes::{answer, handler, matchers, words};

/// The statuses of answers that refuse a request.
const REFUSALS: &[&str] = &["401", "403"];

/// Which access control a route is, if it is any.
pub(crate) fn kind(flat: &Flat, row: &Row) -> Option<AccessKind> {
    if answer::guards(row.handler) {
        return Some(match handler::directive(row.handler) {
            "forward_auth" => AccessKind::ForwardAuth,
            _ if answer::name(row.handler) == "authentication" => AccessKind::BasicAuth,
            _ => AccessKind::Guard,
        });
    }
    if refuses(row.handler, row.phase) {
        return Some(AccessKind::Refusal);
    }
    flat.conditions(row).flatten().any(asks_address).then_some(AccessKind::Address)
}

/// Whether a handler refuses every request: `abort`, and `respond` or `error` with a status that says so. In a block for
/// errors such a status is mostly that of the error, which was refused before.
fn refuses(handler: &Value, phase: Phase) -> bool {
    let status = handler.get("status_code").map(words::plain);
    let is_refusal =
        phase == Phase::Request && status.is_some_and(|status| REFUSALS.contains(&status.as_str()));
    match answer::name(handler) {
        "static_response" => is_refusal || handler.get("abort").and_then(Value::as_bool) == Some(true),
        "error" => is_refusal,
        _ => false,
    }
}

/// Whether a matcher set asks for the address of the client.
fn asks_address(set: &Value) -> bool {
    set.as_object().into_iter().flatten().any(|(name, value)| match (name.as_str(), value) {
        ("remote_ip" | "client_ip", _) => true,
        ("not", Value::Array(sets)) => sets.iter().any(asks_address),
        ("expression", value) => {
            let text = value.as_str().or_else(|| value.get("expr")?.as_str()).unwrap_or("");
            ["remote_ip(", "client_ip(", "{http.request.remote", "{http.vars.client_ip"]
                .iter()
                .any(|part| text.contains(part))
        }
        _ => false,
    })
}

/// Takes the changes of access control out of those of routes.
pub(crate) fn take_out(routes: &mut Vec<RouteChange>) -> Vec<Access> {
    let (access, others): (Vec<_>, Vec<_>) =
        std::mem::take(routes).into_iter().partition(|route| route.access.is_some());
    *routes = others;
    access
        .into_iter()
        .filter_map(|route| Some(Access { kind: route.access?, route: in_words(route) }))
        .collect()
}

/// The change with names of settings that people know, and without raw JSON.
fn in_words(mut route: RouteChange) -> RouteChange {
    for field in &mut route.fields {
        let user = field.name.strip_prefix("providers.http_basic.accounts.");
        if let Some((user, setting)) = user.and_then(|rest| rest.rsplit_once('.')) {
            field.name = format!("{setting} of {user}");
        }
        let is_json =
            |value: &Option<String>| value.as_deref().is_some_and(|text| text.starts_with(['{', '[']));
        if is_json(&field.old) || is_json(&field.new) {
            for value in [&mut field.old, &mut field.new].into_iter().flatten() {
                value.clear();
            }
        }
    }
    route
}

/// The certificates that clients must show, where they are asked for in another way.
pub(crate) fn client_certificates(old: Half, new: Half, show: Show) -> Vec<RouteChange> {
    let (before, after) = (asked(old), asked(new));
    let mut found = Vec::new();
    let keys: BTreeSet<&(String, String)> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (address, name) = key;
        let (was, is) = (before.get(key), after.get(key));
        if was == is {
            continue;
        }
        let words = |value: Option<&Value>| value.map(|value| format!("client_auth {}", mode(value)));
        let change = match (was, is) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        let mut settings: Vec<Field> = match (was, is) {
            (Some(was), Some(is)) => fields::fields(was, is, show),
            _ => Vec::new(),
        };
        settings.retain(|field| field.name != "mode");
        let place = |half: Half, other: Half| {
            half.written.setting("tls_connection_policies.client_authentication", other.written)
        };
        found.push(RouteChange {
            change,
            access: Some(AccessKind::ClientAuth),
            control: Control::of(was.is_some_and(is_required), is.is_some_and(is_required)),
            sites: vec![if name.is_empty() { address.clone() } else { name.clone() }],
            on_errors: false,
            matchers: "*".to_owned(),
            old_matchers: None,
            answers: false,
            old: words(was),
            new: words(is),
            instead: None,
            fields: settings,
            note: None,
            old_place: was.and_then(|_| place(old, new)),
            new_place: is.and_then(|_| place(new, old)),
        });
    }
    found
}

/// What is asked of clients, by the address and the name that they connect to.
fn asked(half: Half) -> BTreeMap<(String, String), Value> {
    let mut found = BTreeMap::new();
    for (server, _) in &half.units.servers {
        for (name, value) in of_server(server) {
            for address in server.addresses() {
                found.insert((address.clone(), name.clone()), value.clone());
            }
        }
    }
    found
}

/// The first policy of each name counts.
fn of_server(server: &Server) -> BTreeMap<String, Value> {
    let mut found: BTreeMap<String, Option<Value>> = BTreeMap::new();
    let policies = server.value.get("tls_connection_policies").and_then(Value::as_array);
    for policy in policies.into_iter().flatten() {
        let asked =
            policy.get(CLIENT_AUTH).filter(|value| value.as_object().is_none_or(|fields| !fields.is_empty()));
        let sni =
            policy.pointer("/match/sni").map(|names| matchers::strings(names).map(str::to_owned).collect());
        for name in sni.unwrap_or_else(|| vec![String::new()]) {
            found.entry(name).or_insert_with(|| asked.cloned());
        }
    }
    found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

const CLIENT_AUTH: &str = "client_authentication";

/// Whether a client without a valid certificate is turned away.
fn is_required(value: &Value) -> bool {
    mode(value) == "require_and_verify"
}

/// What Caddy does without a mode: with certificates to trust it verifies, without any it only asks for one.
fn mode(value: &Value) -> String {
    match value.get("mode").and_then(Value::as_str) {
        Some(mode) if !mode.is_empty() => mode.to_owned(),
        _ => "require_and_verify".to_owned(),
    }
}

/// The settings of a server without what is asked of clients. A policy that is there for that alone is left out: it does
/// nothing else.
pub(crate) fn without_client_auth(policies: &Value) -> Value {
    let without = policies.as_array().into_iter().flatten().filter_map(|policy| {
        let fields = policy.as_object()?;
        if !fields.contains_key(CLIENT_AUTH) {
            return Some(policy.clone());
        }
        let rest: Map<String, Value> = fields
            .iter()
            .filter(|(name, _)| *name != CLIENT_AUTH)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        rest.keys().any(|name| name != "match").then_some(Value::Object(rest))
    });
    let kept: Vec<Value> = without.collect();
    // The last policy, which takes any name, is there because of the others.
    let is_bare = |policy: &Value| policy.as_object().is_some_and(Map::is_empty);
    let had_more = policies.as_array().is_some_and(|policies| policies.len() > kept.len());
    if had_more && kept.iter().all(is_bare) { Value::Array(Vec::new()) } else { kept.into() }
}
