//! What an upstream gets.

use crate::requests::fields::{Fields, contains_token, is_token};
use crate::requests::handlers::rewrite::{Target, rewrite};
use crate::requests::program::{Proxy, Transport};
use crate::requests::ranges;
use crate::requests::state::{State, Visit};
use crate::requests::text;
use crate::requests::url::Url;

/// Fields of one connection, which do not go on.
const HOP_BY_HOP: [&str; 10] = [
    "Alt-Svc",
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Te",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// The `FastCGI` transport reads bodies up to this size before it sends them (bytes).
const BUFFERED: usize = 4096;

/// A request to an upstream before the upstream is chosen.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) request_uri: String,
    pub(super) host: String,
    pub(super) headers: Fields,
    /// Whether it goes without a body.
    pub(super) is_bodyless: bool,
}

/// The client's request as a proxy passes it on.
pub(super) fn prepare(state: &State<'_>, config: &Proxy) -> Outgoing {
    let request = &state.request;
    let mut out = Outgoing {
        method: request.method.clone(),
        url: request.url.clone(),
        request_uri: request.request_uri.clone(),
        host: request.host.clone(),
        headers: request.headers.clone(),
        is_bodyless: request.body.is_empty,
    };
    if let Some(config) = &config.rewrite {
        let mut target = Target { method: out.method, url: out.url, request_uri: out.request_uri };
        let changed = rewrite(state, config, &mut target);
        out.is_bodyless |= changed && matches!(config.method.as_str(), "GET" | "HEAD");
        (out.method, out.url, out.request_uri) = (target.method, target.url, target.request_uri);
    }
    // What is left of a body that was sent before is buffered: nothing.
    out.is_bodyless |= config.request_buffers != 0 && request.body.is_spent;
    let length = if out.is_bodyless { 0 } else { text::len(&request.body.text) };
    let is_buffered = config.request_buffers != 0 || matches!(config.transport, Transport::FastCgi(_));
    let most = usize::try_from(config.request_buffers).unwrap_or(usize::MAX);
    let most = if config.request_buffers == 0 { BUFFERED } else { most };
    if is_buffered && length < most {
        out.headers.set("Content-Length", length.to_string());
    }
    if !out.headers.has("User-Agent") {
        out.headers.set("User-Agent", "");
    }
    let connection = out.headers.values("Connection").unwrap_or_default().to_vec();
    let is_upgrade = contains_token(&connection, "Upgrade");
    let upgrade = if is_upgrade { out.headers.first("Upgrade").to_lowercase() } else { String::new() };
    remove_hop_by_hop(&mut out.headers, true);
    if !upgrade.is_empty() {
        out.headers.set("Connection", "Upgrade");
        out.headers.set("Upgrade", upgrade);
    }
    forward(state, config, &mut out);
    out.headers.add("Via", format!("1.{} Caddy", request.minor));
    out
}

/// Takes the fields of one connection out, and those that it names.
pub(super) fn remove_hop_by_hop(headers: &mut Fields, keeps_trailers: bool) {
    let named = headers.values("Connection").unwrap_or_default().join(",");
    for name in named.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        if name == "Te"
            && keeps_trailers
            && contains_token(headers.values("Te").unwrap_or_default(), "trailers")
        {
            headers.set("Te", "trailers");
            continue;
        }
        headers.take(name);
    }
}

/// Tells the upstream who asked, over what and for which host. What the client says of that counts only if it is trusted.
fn forward(state: &State<'_>, config: &Proxy, out: &mut Outgoing) {
    let client = state.connection.client.split('%').next().unwrap_or_default();
    let is_trusted = state.is_trusted
        || ranges::address(client).is_some_and(|(ip, _)| {
            let mut open =
                config.trusted.open.iter().filter_map(|text| ranges::Range::parse(&state.fill(text)));
            config.trusted.known.iter().any(|range| range.contains(ip))
                || open.any(|range| range.contains(ip))
        });
    let last = |headers: &Fields, name: &str| {
        let value = headers.values(name).and_then(|values| values.last()).cloned();
        value.filter(|value| is_trusted && !value.is_empty())
    };
    let before = out.headers.values("X-Forwarded-For").unwrap_or_default().join(", ");
    let chain =
        if is_trusted && !before.is_empty() { format!("{before}, {client}") } else { client.to_owned() };
    out.headers.set("X-Forwarded-For", chain);
    let own = if state.connection.tls { "https" } else { "http" }.to_owned();
    let protocol = last(&out.headers, "X-Forwarded-Proto").unwrap_or(own);
    out.headers.set("X-Forwarded-Proto", protocol);
    let host = last(&out.headers, "X-Forwarded-Host").unwrap_or_else(|| out.host.clone());
    out.headers.set("X-Forwarded-Host", host);
}

/// The name of a field that Go refuses to send.
pub(super) fn invalid(headers: &Fields) -> Option<String> {
    for (name, values) in headers.iter() {
        if !is_token(name) {
            return Some(format!("name {name:?}"));
        }
        let is_control = |byte: u8| (byte < 0x20 && byte != b'\t') || byte == 0x7f;
        if values.iter().any(|value| value.bytes().any(is_control)) {
            return Some(format!("value for {name:?}"));
        }
    }
    None
}

/// What goes over the wire to an HTTP upstream.
pub(super) fn visit(
    state: &State<'_>,
    mut out: Outgoing,
    address: &str,
    compresses: bool,
    http2: bool,
) -> Visit {
    let headers = &mut out.headers;
    let asks_gzip = compresses
        && headers.first("Accept-Encoding").is_empty()
        && headers.first("Range").is_empty()
        && out.method != "HEAD";
    if asks_gzip {
        headers.add("Accept-Encoding", "gzip");
    }
    let agent = match headers.values("User-Agent") {
        None => Some(if http2 { "Go-http-client/2.0" } else { "Go-http-client/1.1" }.to_owned()),
        Some(values) => values.first().filter(|agent| !agent.is_empty()).cloned(),
    };
    headers.take("User-Agent");
    if let Some(agent) = agent {
        headers.put("User-Agent", vec![agent]);
    }
    headers.take("Content-Length");
    if !out.is_bodyless {
        if state.request.body.is_chunked {
            headers.put("Transfer-Encoding", vec!["chunked".to_owned()]);
        } else {
            headers.put("Content-Length", vec![text::len(&state.request.body.text).to_string()]);
        }
    } else if matches!(out.method.as_str(), "POST" | "PUT" | "PATCH") {
        headers.put("Content-Length", vec!["0".to_owned()]);
    }
    if state.has_trace_id {
        headers.add("Traceparent", "{traceparent}");
    }
    let host = if out.host.is_empty() { address.to_owned() } else { out.host.clone() };
    let is_connect = out.method == "CONNECT" && out.url.path.is_empty();
    let target = if is_connect { host.clone() } else { out.url.request_uri() };
    let mut all = Fields::default();
    all.put("Host", vec![host]);
    for (name, values) in out.headers.iter().filter(|(_, values)| !values.is_empty()) {
        let values = values.iter().map(|value| value.trim().to_owned()).collect();
        all.put(name, values);
    }
    // Go sends GET for a method that is empty.
    let method = if out.method.is_empty() { "GET".to_owned() } else { out.method };
    Visit { address: address.to_owned(), method, target, headers: all, fastcgi: None, refused: false }
}
