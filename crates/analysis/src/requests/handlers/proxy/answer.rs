//! What becomes of an upstream's answer.

use super::outgoing::{Outgoing, remove_hop_by_hop};
use crate::requests::fields::Fields;
use crate::requests::flow::Flow;
use crate::requests::handlers::respond::number;
use crate::requests::input::Reply;
use crate::requests::layers::{Chunk, Origin};
use crate::requests::operations::response_matches;
use crate::requests::program::{Proxy, Transport};
use crate::requests::state::{Raised, Received, State};
use crate::requests::status;
use crate::requests::text;
use crate::requests::value::Value;

/// Passes an answer on, or runs the routes that are for it.
pub(super) fn answer<'p>(
    state: &mut State<'p>,
    config: &'p Proxy,
    out: &Outgoing,
    reply: &Reply,
    visit: usize,
) -> Result<Flow<'p>, Raised> {
    let mut headers = Fields::default();
    for (name, value) in &reply.headers {
        headers.add(name, value.clone());
    }
    let mut version = "1.1";
    let is_http = matches!(config.transport, Transport::Http { .. });
    if is_http
        && status::has_body(reply.status)
        && !headers.has("Content-Length")
        && !headers.has("Transfer-Encoding")
    {
        headers.set("Content-Length", text::len(&reply.body).to_string());
    }
    match &config.transport {
        Transport::FastCgi(_) => {
            version = "0.0";
            if reply.status != 200 {
                headers.set(
                    "Status",
                    format!("{} {}", reply.status, status::text(reply.status)).trim().to_owned(),
                );
            }
        }
        Transport::Http { compresses, http2, .. } => {
            if *http2 {
                version = "2.0";
            }
            let asked = *compresses
                && out.headers.first("Accept-Encoding").is_empty()
                && out.headers.first("Range").is_empty()
                && out.method != "HEAD"
                && status::has_body(reply.status)
                && headers.first("Content-Length") != "0";
            if asked && headers.first("Content-Encoding").eq_ignore_ascii_case("gzip") {
                headers.take("Content-Encoding");
                headers.take("Content-Length");
            }
        }
        Transport::Unknown(_) => {}
    }
    state.values.retain(|name, _| !name.starts_with("http.reverse_proxy.header."));
    for (name, values) in headers.iter() {
        let (name, value) = (format!("http.reverse_proxy.header.{name}"), values.join(","));
        state.values.insert(name, Value::Text(value));
    }
    let mut received = Received {
        proxy: config,
        status: reply.status,
        headers,
        body: if status::has_body(reply.status) { reply.body.clone() } else { String::new() },
        version,
        visit,
        method: out.method.clone(),
    };
    state.set("http.reverse_proxy.status_code", Value::Int(reply.status));
    state.set("http.reverse_proxy.status_text", format!("{} {}", reply.status, status::text(reply.status)));
    for handler in &config.handlers {
        let fits = handler.matcher.as_ref();
        if fits.is_some_and(|matcher| !response_matches(matcher, received.status, &received.headers)) {
            continue;
        }
        if !handler.status.is_empty() {
            let status = number(&state.fill(&handler.status))?;
            if status != 0 {
                received.status = status;
            }
            break;
        }
        if let Some(place) = state.current {
            let status = received.status;
            state.notes.did(place, || format!("handles the answer {status} with its own routes"));
        }
        state.received = Some(received);
        return Ok(Flow::Enter(handler.routes.as_deref().unwrap_or_default()));
    }
    finish(state, received)?;
    Ok(Flow::Done)
}

/// Copies an answer to the client.
fn finish(state: &mut State<'_>, mut received: Received<'_>) -> Result<(), Raised> {
    let upgrade = received.headers.first("Upgrade").to_owned();
    remove_hop_by_hop(&mut received.headers, false);
    if received.status == 101 {
        if !upgrade.is_empty() {
            received.headers.set("Upgrade", upgrade);
            received.headers.set("Connection", "Upgrade");
        }
        state.headers.copy(&received.headers);
        state.answered_by = Some(received.visit);
        return state.write_header(101);
    }
    state.headers.take("Server");
    state.headers.add("Via", format!("{} Caddy", received.version));
    if let Some(operations) = &received.proxy.response {
        let require = received.proxy.require.as_ref();
        if require.is_none_or(|require| response_matches(require, received.status, &received.headers)) {
            state.apply(operations, &mut received.headers);
        }
    }
    state.headers.copy(&received.headers);
    state.answered_by = Some(received.visit);
    if let Some(place) = state.current {
        let (status, address) = (received.status, state.visits[received.visit].address.clone());
        let is_assumed = !state.replies.contains_key(&address);
        state.notes.did(place, || {
            let what = if is_assumed { "assumed to be" } else { "which is" };
            format!("passes the answer of {address} on, {what} {status}")
        });
    }
    state.write_header(received.status)?;
    if received.method != "HEAD" && status::has_body(received.status) {
        let bytes = text::bytes(&received.body).into_owned();
        state.write(Chunk { bytes, origin: Origin::Upstream })?;
    }
    Ok(())
}

/// `copy_response`.
pub(in crate::requests) fn copy_response<'p>(
    state: &mut State<'p>,
    status: &str,
) -> Result<Flow<'p>, Raised> {
    let Some(mut received) = state.received.clone() else {
        return Err(Raised::with(
            500,
            "cannot use 'copy_response' outside of reverse_proxy's handle_response routes",
        ));
    };
    if !status.is_empty() {
        received.status = number(&state.fill(status))?;
    }
    finish(state, received)?;
    Ok(Flow::Done)
}

/// `copy_response_headers`.
pub(in crate::requests) fn copy_headers<'p>(
    state: &mut State<'p>,
    include: &[String],
    exclude: &[String],
) -> Result<Flow<'p>, Raised> {
    let Some(received) = &state.received else {
        return Err(Raised::with(
            500,
            "cannot use 'copy_response_headers' outside of reverse_proxy's handle_response routes",
        ));
    };
    let named = |list: &[String], name: &str| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    for (name, values) in received.headers.iter() {
        if (include.is_empty() || named(include, name)) && !named(exclude, name) {
            for value in values {
                state.headers.add(name, value.clone());
            }
        }
    }
    Ok(Flow::Next)
}
