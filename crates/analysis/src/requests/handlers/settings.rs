//! `vars` and `request_body`.

use serde_json::Value as Json;

use crate::requests::notes::About;
use crate::requests::state::{Raised, State};
use crate::requests::value::Value;

/// Sets variables. Placeholders in their names and texts are filled.
pub(in crate::requests) fn vars(state: &mut State<'_>, pairs: &[(String, Json)]) {
    let reads_another = |(own, value): &(String, Json)| {
        value.as_str().is_some_and(|text| {
            pairs.iter().any(|(name, _)| name != own && text.contains(&format!("{{http.vars.{name}}}")))
        })
    };
    if pairs.iter().any(reads_another) {
        state.notes.undecided(
            About::Answer,
            "either: a variable reads another one that the same `vars` sets, and Caddy sets them in any order",
        );
    }
    for (name, value) in pairs {
        let name = state.fill(name).into_owned();
        let value = match value {
            Json::String(text) => Value::Text(state.fill(text).into_owned()),
            other => Value::of_json(other),
        };
        if name == "http.auth.user.id" {
            state.set(name.clone(), value.clone());
        }
        state.vars.insert(name, value);
    }
    if let Some(place) = state.current {
        let shown: Vec<String> = pairs
            .iter()
            .map(|(name, _)| {
                let value = state.vars.get(name).map(Value::text).unwrap_or_default();
                format!("{name} to `{value}`")
            })
            .collect();
        state.notes.did(place, || format!("sets {}", shown.join(", ")));
    }
}

/// Replaces the body, or limits how much of it is read.
pub(in crate::requests) fn request_body(
    state: &mut State<'_>,
    max_size: u64,
    set: &str,
) -> Result<(), Raised> {
    let declared = state.request.headers.first("Content-Length").parse().unwrap_or(0);
    if set.is_empty() && max_size > 0 && declared > max_size && state.refuses_declared_size() {
        return Err(Raised::with(413, "http: request body too large"));
    }
    if !set.is_empty() {
        let text = state.fill(set).into_owned();
        let body = &mut state.request.body;
        body.is_empty = text.is_empty();
        body.text = text;
        body.limit = None;
    }
    if max_size > 0 {
        let limit = state.request.body.limit.map_or(max_size, |limit| limit.min(max_size));
        state.request.body.limit = Some(limit);
    }
    Ok(())
}
