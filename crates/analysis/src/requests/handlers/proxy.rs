//! `reverse_proxy`: a request goes to an upstream, and its answer to the client or to routes.

mod answer;
mod choice;
mod fastcgi;
mod outgoing;

use caddyctl_language::config::{AddressError, NetworkAddress};

use crate::requests::fields::is_token;
use crate::requests::flow::Flow;
use crate::requests::input::Reply;
use crate::requests::message::with_port;
use crate::requests::program::{Proxy, Transport};
use crate::requests::state::{Raised, State, Visit};
use crate::requests::value::Value;

pub(in crate::requests) use answer::{copy_headers, copy_response};

/// So often the same upstreams are tried where only the time limits it.
const MOST_TRIES: i64 = 100;

/// What became of one try.
enum Tried {
    /// The upstream answered.
    Answered(Reply, usize),
    /// Nothing listens there.
    Refused(String),
    /// Something else went wrong.
    Failed(Raised),
}

/// Sends the request to an upstream.
pub(in crate::requests) fn serve<'p>(state: &mut State<'p>, config: &'p Proxy) -> Result<Flow<'p>, Raised> {
    if config.is_dynamic {
        return Err(Raised::Unknown(
            "upstreams that Caddy looks up when a request comes are not modelled".to_owned(),
        ));
    }
    if let Transport::Unknown(name) = &config.transport {
        return Err(Raised::Unknown(format!("the transport `{name}` is not modelled")));
    }
    let prepared = outgoing::prepare(state, config);
    let mut pool = choice::Pool::new(config);
    let mut tries = 0;
    let mut raised;
    loop {
        match pool.select(state, &prepared) {
            None => {
                raised = Raised::with(503, "no upstreams available");
            }
            Some(number) => match dialled(state, config, &config.upstreams[number].dial) {
                Err(why) => return fail(state, Raised::with(502, why)),
                Ok(address) => match send(state, config, prepared.clone(), &address) {
                    Tried::Answered(reply, visit) => {
                        return answer::answer(state, config, &prepared, &reply, visit);
                    }
                    Tried::Failed(error) => return fail(state, error),
                    Tried::Refused(message) => {
                        pool.failed(number);
                        raised = Raised::with(502, message);
                    }
                },
            },
        }
        let is_over = if config.retries > 0 {
            tries >= config.retries
        } else {
            config.try_duration == 0 || tries >= MOST_TRIES
        };
        if is_over {
            return fail(state, raised);
        }
        tries += 1;
    }
}

fn fail<'p>(state: &mut State<'p>, raised: Raised) -> Result<Flow<'p>, Raised> {
    if let (Some(place), Raised::Http { status, message }) = (state.current, &raised) {
        let (status, message) = (*status, message.clone());
        state.notes.did(place, || format!("fails with {status}: {message}"));
    }
    Err(raised)
}

/// The address of an upstream; what is known of it becomes placeholders.
fn dialled(state: &mut State<'_>, config: &Proxy, dial: &str) -> Result<String, String> {
    let filled = state.fill(dial).into_owned();
    let fault =
        |why: String| format!("making dial info: upstream {dial}: invalid dial address {filled}: {why}");
    let address = NetworkAddress::parse(&filled).map_err(|error| match error {
        AddressError::Port(port) => {
            fault(format!("invalid start port: strconv.ParseUint: parsing {port:?}: invalid syntax"))
        }
        error => fault(error.to_string()),
    })?;
    let (host, port) = (address.host.clone(), address.first);
    if address.is_portless() {
        let text = format!("{}/{host}", address.network);
        set(state, &text, &host, &host, "");
        return Ok(text);
    }
    if address.ports() != 1 || filled.is_empty() {
        return Err(fault("it must be one address".to_owned()));
    }
    let joined = with_port(&host, port);
    set(state, &format!("{}/{joined}", address.network), &joined, &host, &port.to_string());
    let _ = config;
    Ok(joined)
}

fn set(state: &mut State<'_>, address: &str, joined: &str, host: &str, port: &str) {
    for (name, value) in [("address", address), ("hostport", joined), ("host", host), ("port", port)] {
        state.set(format!("http.reverse_proxy.upstream.{name}"), value);
    }
    for name in ["requests", "max_requests", "fails"] {
        state.set(format!("http.reverse_proxy.upstream.{name}"), Value::Int(0));
    }
}

/// One try: what the upstream gets, and what it answers.
fn send(state: &mut State<'_>, config: &Proxy, mut out: outgoing::Outgoing, address: &str) -> Tried {
    if let Transport::Http { tls: true, .. } = config.transport
        && state.names_tls_upstream()
    {
        // Over TLS the upstream gets its own name, unless the configuration says otherwise.
        address.clone_into(&mut out.host);
    }
    if let Some(operations) = &config.request {
        state.apply_to_request(operations, &mut out.headers, &mut out.host);
    }
    let reply = state.replies.get(address).cloned().unwrap_or_default();
    let is_fastcgi = matches!(config.transport, Transport::FastCgi(_));
    if is_fastcgi && out.url.path.contains('\0') {
        return Tried::Failed(Raised::with(400, "invalid request path"));
    }
    if !is_fastcgi && let Some(name) = outgoing::invalid(&out.headers) {
        return Tried::Failed(Raised::with(502, format!("net/http: invalid header field {name}")));
    }
    if !is_fastcgi && !out.method.is_empty() && !is_token(&out.method) {
        return Tried::Failed(Raised::with(502, format!("net/http: invalid method {:?}", out.method)));
    }
    // Nothing listens on the port 0.
    if reply.refused || address.ends_with(":0") {
        let dial = format!("dial tcp {address}: connect: connection refused");
        return Tried::Refused(if is_fastcgi { format!("dialing backend: {dial}") } else { dial });
    }
    if !out.is_bodyless {
        if state.request.body.is_too_large() {
            return Tried::Failed(Raised::with(413, "http: request body too large"));
        }
        if state.request.body.is_spent {
            let length = crate::requests::text::len(&state.request.body.text);
            let message = format!("http: ContentLength={length} with Body length 0");
            return Tried::Failed(Raised::with(502, message));
        }
        state.request.body.is_spent = true;
    }
    let visit = match &config.transport {
        Transport::FastCgi(fastcgi) => fastcgi::visit(state, fastcgi, &out, address),
        Transport::Http { compresses, http2, .. } => {
            outgoing::visit(state, out, address, *compresses, *http2)
        }
        Transport::Unknown(_) => Visit::default(),
    };
    if let Some(place) = state.current {
        let (method, target) = (visit.method.clone(), visit.target.clone());
        state.notes.did(place, || format!("sends {method} {target} to {address}"));
    }
    state.visits.push(visit);
    Tried::Answered(reply, state.visits.len() - 1)
}
