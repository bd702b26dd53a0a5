//! `templates`: what Caddy's template language makes of a body. Only simple actions are computed; for others the answer says
//! so.

use crate::requests::layers::{Chunk, Origin};
use crate::requests::notes::About;
use crate::requests::program::Templates;
use crate::requests::state::{Raised, State};
use crate::requests::text;

/// The body of a template.
pub(in crate::requests) fn execute(
    state: &mut State<'_>,
    config: &Templates,
    body: Vec<u8>,
) -> Result<Chunk, Raised> {
    let template = text::of_bytes(&body);
    let (open, close) = match &config.delimiters {
        Some((open, close)) => (open.as_str(), close.as_str()),
        None => ("{{", "}}"),
    };
    let mut out = String::with_capacity(template.len());
    let mut rest = template.as_str();
    let mut trims = false;
    while let Some(at) = rest.find(open) {
        let mut before = &rest[..at];
        if trims {
            before = before.trim_start();
        }
        let after = &rest[at + open.len()..];
        let Some(end) = after.find(close) else { return Err(Raised::status(500)) };
        let mut action = &after[..end];
        if let Some(inner) = action.strip_prefix("- ") {
            before = before.trim_end();
            action = inner;
        }
        trims = false;
        if let Some(inner) = action.strip_suffix(" -") {
            trims = true;
            action = inner;
        }
        out.push_str(before);
        let Some(value) = value(state, action.trim())? else {
            state.notes.undecided(About::Content, "the body of a template is not computed");
            return Ok(Chunk { bytes: body, origin: Origin::Unknown });
        };
        out.push_str(&value);
        rest = &after[end + close.len()..];
    }
    out.push_str(if trims { rest.trim_start() } else { rest });
    Ok(Chunk { bytes: text::bytes(&out).into_owned(), origin: Origin::Caddy })
}

/// The text of a simple action; `None` for any other.
fn value(state: &mut State<'_>, action: &str) -> Result<Option<String>, Raised> {
    if action.starts_with("/*") && action.ends_with("*/") {
        return Ok(Some(String::new()));
    }
    if let Some(text) = literal(action) {
        return Ok(Some(text));
    }
    let host = || crate::requests::message::host_of(&state.request.host);
    let fixed = match action {
        ".Req.Method" => Some(state.request.method.clone()),
        ".Req.Host" => Some(state.request.host.clone()),
        ".Req.URL.Path" => Some(state.request.url.path.clone()),
        ".Req.URL.RawQuery" => Some(state.request.url.query.clone()),
        ".Req.URL" => Some(state.request.url.request_uri()),
        ".Req.RequestURI" => Some(state.request.request_uri.clone()),
        ".Req.Proto" => Some(format!("HTTP/1.{}", state.request.minor)),
        ".OriginalReq.Method" => Some(state.original.method.clone()),
        ".OriginalReq.URL.Path" => Some(state.original.url.path.clone()),
        ".OriginalReq.URL.RawQuery" => Some(state.original.url.query.clone()),
        ".OriginalReq.RequestURI" => Some(state.original.request_uri.clone()),
        ".Host" => Some(host()),
        ".RemoteIP" => Some(state.connection.client.clone()),
        ".ClientIP" => Some(state.client_ip.clone()),
        _ => None,
    };
    if fixed.is_some() {
        return Ok(fixed);
    }
    let Some((function, argument)) = action.split_once(' ') else { return Ok(None) };
    let argument = argument.trim();
    if function == "httpError" {
        let status = argument.parse().unwrap_or(500);
        for name in ["Content-Length", "Content-Type", "Etag", "Last-Modified", "Accept-Ranges"] {
            state.headers.take(name);
        }
        return Err(Raised::status(status));
    }
    let Some(text) = literal(argument) else { return Ok(None) };
    Ok(match function {
        "placeholder" | "ph" => Some(state.get(&text).unwrap_or_default().text()),
        "env" => Some(state.facts.variable(&text).unwrap_or_default()),
        ".Req.Header.Get" => {
            let name = caddyctl_language::go::canonical_header(&text);
            Some(state.request.headers.first(&name).to_owned())
        }
        ".Cookie" => {
            let found =
                crate::requests::message::cookies(&state.request.headers).find(|(name, _)| *name == text);
            Some(found.map(|(_, value)| value.to_owned()).unwrap_or_default())
        }
        ".RespHeader.Get" => {
            let name = caddyctl_language::go::canonical_header(&text);
            Some(state.headers.first(&name).to_owned())
        }
        "upper" => Some(text.to_uppercase()),
        "lower" => Some(text.to_lowercase()),
        _ => None,
    })
}

/// A text in quotes, without escapes.
fn literal(action: &str) -> Option<String> {
    for quote in ['"', '`'] {
        if let Some(inner) = action.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
            && !inner.contains([quote, '\\'])
        {
            return Some(inner.to_owned());
        }
    }
    None
}
