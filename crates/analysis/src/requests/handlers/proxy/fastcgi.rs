//! What a `FastCGI` upstream gets.

use super::outgoing::Outgoing;
use crate::requests::fields::Fields;
use crate::requests::program::FastCgi;
use crate::requests::state::{State, Visit};
use crate::requests::url::join_below;

/// The parameters of a request.
pub(super) fn visit(state: &State<'_>, config: &FastCgi, out: &Outgoing, address: &str) -> Visit {
    let root = state.fill(&config.root);
    let mut root = state.absolute(if root.is_empty() { "." } else { &root });
    if config.resolves_root {
        root = state.facts.real_path(&root).unwrap_or(root);
    }
    let path = out.url.path.as_str();
    let (mut document, mut info) = (path, "");
    if let Some(at) = split(path, &config.split) {
        (document, info) = path.split_at(at);
    }
    let mut script = if info.is_empty() { path } else { path.strip_suffix(info).unwrap_or(path) }.to_owned();
    let mut info = info.to_owned();
    if info.is_empty() {
        info = state.get("http.matchers.file.remainder").unwrap_or_default().text();
    }
    let file = join_below(&root, &script);
    if !script.is_empty() && !script.starts_with('/') {
        script.insert(0, '/');
    }
    let method = match out.method.as_str() {
        method @ ("GET" | "HEAD" | "OPTIONS") => method.to_owned(),
        method => match method.to_uppercase() {
            upper if upper == "GET" || upper.is_empty() => "POST".to_owned(),
            upper => upper,
        },
    };
    let original = &state.original.url;
    let mut parameters = vec![
        ("SCRIPT_NAME", script),
        ("SCRIPT_FILENAME", file),
        ("PATH_INFO", info),
        ("QUERY_STRING", out.url.query.clone()),
        ("DOCUMENT_ROOT", root),
        ("DOCUMENT_URI", document.to_owned()),
        ("REQUEST_URI", original.request_uri()),
    ];
    for (name, value) in &config.env {
        if let Some((_, old)) = parameters.iter_mut().find(|(known, _)| known == name) {
            *old = state.fill(value).into_owned();
        }
    }
    let mut headers = Fields::default();
    headers.put("Host", vec![out.host.clone()]);
    for (name, values) in out.headers.iter().filter(|(name, _)| *name != "Proxy") {
        headers.put(name, vec![values.join(", ")]);
    }
    Visit {
        address: address.to_owned(),
        method,
        target: original.request_uri(),
        headers,
        fastcgi: Some(parameters),
        refused: false,
    }
}

/// Where the first of `splits` ends in the path, ignoring case. Without any it is the start.
fn split(path: &str, splits: &[String]) -> Option<usize> {
    if splits.is_empty() {
        return Some(0);
    }
    let lower = path.to_ascii_lowercase();
    splits
        .iter()
        .filter(|text| !text.is_empty())
        .find_map(|text| lower.find(text.as_str()).map(|at| at + text.len()))
}
