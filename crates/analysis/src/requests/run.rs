//! The way of a request through routes and handlers. A handler that only changes something goes on to the next one in a
//! loop; one that wraps the writer, or catches errors, waits for what comes after it.

use std::rc::Rc;

use super::entry::admitted;
use super::errors::{keep, tell};
use super::flow::Flow;
use super::handlers::{encode, file_server, headers, login, proxy, respond, rewrite, settings, templates};
use super::inventory::matcher_pointer;
use super::layers::{Buffer, Chunk, Layer};
use super::matching::any_set;
use super::message::host_of;
use super::notes::Step;
use super::program::{Handler, Kind, ResponseHandler, Route, Top};
use super::state::{Raised, State};
use super::value::Value;

/// So many wrappers may be inside of each other.
const DEEPEST: usize = 4000;

/// What comes next.
#[derive(Clone, Debug)]
enum Rest<'p> {
    /// Nothing; at the end of error routes the status of the error is written.
    End { is_error: bool },
    /// Routes at the top of a server, from this one on.
    Top(&'p Top<'p>, usize, Rc<Rest<'p>>),
    /// Other routes, from this one on.
    Routes(&'p [Route], usize, Rc<Rest<'p>>),
    /// Handlers, from this one on.
    Handlers(&'p [Handler], usize, Rc<Rest<'p>>),
}

/// Runs the routes of the server, and those for errors if one is raised.
pub(super) fn serve(state: &mut State<'_>) -> Result<(), Raised> {
    let end = Rc::new(Rest::End { is_error: false });
    let server = state.server;
    let first = match admitted(state) {
        Ok(()) => run(state, Rest::Top(&server.top, 0, end), 0),
        Err(raised) => Err(raised),
    };
    let Err(raised) = first else { return Ok(()) };
    if matches!(raised, Raised::Abort | Raised::Unknown(_)) {
        return Err(raised);
    }
    state.layers.clear();
    state.received = None;
    state.file = None;
    tell(state, &raised);
    let original = &state.original;
    state.request.method.clone_from(&original.method);
    state.request.url.clone_from(&original.url);
    state.request.request_uri.clone_from(&original.request_uri);
    let status = keep(state, &raised);
    if server.errors.len() == 0 {
        state.current = None;
        return state.write_header(status);
    }
    let end = Rc::new(Rest::End { is_error: true });
    match run(state, Rest::Top(&server.errors, 0, end), 0) {
        Err(raised @ (Raised::Abort | Raised::Unknown(_))) => Err(raised),
        Err(again) => {
            state.layers.clear();
            tell(state, &again);
            state.current = None;
            state.write_header(status)
        }
        Ok(()) => Ok(()),
    }
}

fn run<'p>(state: &mut State<'p>, mut rest: Rest<'p>, depth: usize) -> Result<(), Raised> {
    if depth > DEEPEST {
        return Err(Raised::Unknown("handlers are nested too deeply".to_owned()));
    }
    loop {
        rest = match rest {
            Rest::End { is_error } => {
                if is_error {
                    let status = state.error.filter(|status| *status != 0).unwrap_or(500);
                    state.current = None;
                    state.write_header(status)?;
                }
                return Ok(());
            }
            Rest::Top(top, number, outer) => match top.next(number, &bare_host(&state.request.host)) {
                None => Rc::unwrap_or_clone(outer),
                Some(found) => match top.get(found) {
                    None => Rc::unwrap_or_clone(outer),
                    Some(route) => {
                        if enters(state, route)? {
                            Rest::Handlers(
                                &route.handlers,
                                0,
                                after(state, route, Rest::Top(top, found + 1, outer)),
                            )
                        } else {
                            Rest::Top(top, found + 1, outer)
                        }
                    }
                },
            },
            Rest::Routes(routes, number, outer) => match routes.get(number) {
                None => {
                    state.notes.depth = state.notes.depth.saturating_sub(1);
                    Rc::unwrap_or_clone(outer)
                }
                Some(route) => {
                    if enters(state, route)? {
                        let next = Rest::Routes(routes, number + 1, outer);
                        Rest::Handlers(&route.handlers, 0, after(state, route, next))
                    } else {
                        Rest::Routes(routes, number + 1, outer)
                    }
                }
            },
            Rest::Handlers(handlers, number, outer) => {
                let Some(handler) = handlers.get(number) else {
                    rest = Rc::unwrap_or_clone(outer);
                    continue;
                };
                let next = Rest::Handlers(handlers, number + 1, outer);
                state.current = Some(&handler.place);
                if state.notes.is_on {
                    state.notes.reached.push(handler.place.pointer.clone());
                }
                match handle(state, handler)? {
                    Flow::Next => next,
                    Flow::Done => return Ok(()),
                    Flow::Enter(routes) => {
                        state.notes.depth += 1;
                        Rest::Routes(routes, 0, Rc::new(next))
                    }
                    Flow::Catch(routes, errors) => {
                        let next = Rc::new(next);
                        let level = state.layers.len();
                        state.notes.depth += 1;
                        match run(state, Rest::Routes(routes, 0, Rc::clone(&next)), depth + 1) {
                            Ok(()) => return Ok(()),
                            Err(raised @ (Raised::Abort | Raised::Unknown(_))) => return Err(raised),
                            Err(raised) => {
                                state.layers.truncate(level);
                                tell(state, &raised);
                                keep(state, &raised);
                                Rest::Routes(errors, 0, next)
                            }
                        }
                    }
                    Flow::Wrap => return wrapped(state, next, depth),
                }
            }
        };
    }
}

/// What comes after the handlers of a route.
fn after<'p>(state: &State<'p>, route: &Route, next: Rest<'p>) -> Rc<Rest<'p>> {
    Rc::new(if route.terminal { Rest::End { is_error: state.error.is_some() } } else { next })
}

fn bare_host(host: &str) -> String {
    let host = host_of(host);
    host.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// Whether a route takes the request.
fn enters<'p>(state: &mut State<'p>, route: &'p Route) -> Result<bool, Raised> {
    let matched = any_set(state, &route.sets)?;
    let is_spent = match &route.group {
        Some(group) if matched => !state.groups.insert(group),
        _ => false,
    };
    if state.notes.is_on {
        let why = if is_spent {
            "another route of its group has matched".to_owned()
        } else {
            state.aside(|state| reason(state, route, matched))
        };
        let step = Step::Route {
            place: route.place.clone(),
            matched: matched && !is_spent,
            why,
            depth: state.notes.depth,
        };
        state.notes.steps.push(step);
        if matched && !is_spent {
            let reached = state.aside(|state| reached(state, route));
            state.notes.reached.extend(reached);
        }
    }
    Ok(matched && !is_spent)
}

/// The route and the matchers of the set that holds.
fn reached(state: &mut State<'_>, route: &Route) -> Vec<String> {
    let pointer = &route.place.pointer;
    let mut reached = vec![pointer.clone()];
    for (number, set) in route.sets.iter().enumerate() {
        if super::matching::all(state, set).unwrap_or(false) {
            reached.extend(set.matchers.iter().map(|one| matcher_pointer(pointer, number, one.name())));
            break;
        }
    }
    reached
}

/// The matcher that decided, in words.
fn reason(state: &mut State<'_>, route: &Route, matched: bool) -> String {
    if route.sets.is_empty() {
        return "it takes every request".to_owned();
    }
    let mut words = Vec::new();
    for set in &route.sets {
        let holds =
            |state: &mut State<'_>, matcher| super::matching::matches(state, matcher).unwrap_or(false);
        let found = set.matchers.iter().find(|matcher| !holds(state, matcher));
        match (matched, found) {
            (true, None) => {
                let names: Vec<String> = set.matchers.iter().map(super::words::matcher).collect();
                return names.join(" and ");
            }
            (false, Some(matcher)) => words.push(format!("not {}", super::words::matcher(matcher))),
            _ => {}
        }
    }
    words.join("; ")
}

fn handle<'p>(state: &mut State<'p>, handler: &'p Handler) -> Result<Flow<'p>, Raised> {
    match &handler.kind {
        Kind::Subroute { routes, errors: None } => Ok(Flow::Enter(routes)),
        Kind::Subroute { routes, errors: Some(errors) } => Ok(Flow::Catch(routes, errors)),
        Kind::Respond(config) => respond::respond(state, config),
        Kind::Error { status, message } => Err(respond::error(state, status, message)),
        Kind::Headers(config) => Ok(headers::serve(state, config)),
        Kind::Rewrite(config) => {
            rewrite::serve(state, config);
            Ok(Flow::Next)
        }
        Kind::Proxy(config) => proxy::serve(state, config),
        Kind::CopyResponse { status } => proxy::copy_response(state, status),
        Kind::CopyResponseHeaders { include, exclude } => proxy::copy_headers(state, include, exclude),
        Kind::Files(config) => file_server::serve(state, config),
        Kind::Vars(pairs) => {
            settings::vars(state, pairs);
            Ok(Flow::Next)
        }
        Kind::Map(config) => {
            state.maps.push(config);
            Ok(Flow::Next)
        }
        Kind::Encode(config) => Ok(encode::serve(state, config)),
        Kind::Templates(config) => {
            state.layers.push(Layer::Templates { config, buffer: Buffer::default() });
            Ok(Flow::Wrap)
        }
        Kind::Intercept(handlers) => {
            state.layers.push(Layer::Intercept {
                handlers,
                chosen: None,
                status: 0,
                buffer: Buffer::default(),
            });
            Ok(Flow::Wrap)
        }
        Kind::Login(config) => login::serve(state, config).map(|()| Flow::Next),
        Kind::RequestBody { max_size, set } => {
            settings::request_body(state, *max_size, set)?;
            Ok(Flow::Next)
        }
        Kind::Invoke(name) => match state.server.named.get(name) {
            Some(route) => Ok(Flow::Enter(std::slice::from_ref(route))),
            None => Err(Raised::Plain(format!("invoke: route '{name}' not found"))),
        },
        Kind::Nothing(what) => {
            state.notes.did(&handler.place, || (*what).to_owned());
            Ok(Flow::Next)
        }
        Kind::Tracing => {
            state.has_trace_id = true;
            Ok(Flow::Next)
        }
        Kind::Unknown(name) => Err(Raised::Unknown(format!("the handler `{name}` is not modelled"))),
    }
}

/// Runs what comes after a handler that wraps the writer, and then what the wrapper does.
fn wrapped<'p>(state: &mut State<'p>, next: Rest<'p>, depth: usize) -> Result<(), Raised> {
    let level = state.layers.len();
    let place = state.current;
    let result = run(state, next, depth + 1);
    if matches!(result, Err(Raised::Abort | Raised::Unknown(_))) {
        return result;
    }
    state.layers.truncate(level);
    if result.is_ok() {
        state.current = place;
    }
    match state.layers.last_mut() {
        Some(Layer::Encode(encoding)) => {
            encoding.is_disabled |= result.is_err();
            let closed = state.close_encoding();
            result.and(closed)
        }
        Some(Layer::Templates { .. } | Layer::Intercept { .. }) => {
            let layer = state.layers.pop();
            result?;
            match layer {
                Some(Layer::Templates { config, buffer }) => templated(state, config, buffer),
                Some(Layer::Intercept { handlers, chosen, status, buffer }) => {
                    intercepted(state, handlers, chosen, status, buffer, depth)
                }
                _ => Ok(()),
            }
        }
        _ => {
            state.layers.pop();
            result
        }
    }
}

fn templated(
    state: &mut State<'_>,
    config: &super::program::Templates,
    buffer: Buffer,
) -> Result<(), Raised> {
    if buffer.is_stream {
        return Ok(());
    }
    let is_known = buffer.chunks.iter().all(|chunk| chunk.origin != super::layers::Origin::Unknown);
    let body = buffer.chunks.into_iter().flat_map(|chunk| chunk.bytes).collect();
    let chunk = if is_known {
        templates::execute(state, config, body)?
    } else {
        Chunk { bytes: body, origin: super::layers::Origin::Unknown }
    };
    if chunk.origin == super::layers::Origin::Unknown {
        state.headers.take("Content-Length");
    } else {
        state.headers.set("Content-Length", chunk.bytes.len().to_string());
    }
    for name in ["Accept-Ranges", "Last-Modified", "Etag"] {
        state.headers.take(name);
    }
    state.write_header(if buffer.status == 0 { 200 } else { buffer.status })?;
    state.write(chunk)
}

fn intercepted<'p>(
    state: &mut State<'p>,
    handlers: &'p [ResponseHandler],
    chosen: Option<usize>,
    status: i64,
    buffer: Buffer,
    depth: usize,
) -> Result<(), Raised> {
    if buffer.is_stream {
        return Ok(());
    }
    let headers: Vec<(String, String)> =
        state.headers.iter().map(|(name, values)| (name.to_owned(), values.join(","))).collect();
    for (name, value) in headers {
        state.set(format!("http.intercept.header.{name}"), value);
    }
    state.set("http.intercept.status_code", Value::Int(buffer.status));
    let routes = chosen.and_then(|number| handlers.get(number)).and_then(|handler| handler.routes.as_deref());
    let Some(routes) = routes else {
        state.write_header(if status == 0 { buffer.status } else { status })?;
        for chunk in buffer.chunks {
            state.write(chunk)?;
        }
        return Ok(());
    };
    if let Some(place) = state.current {
        let status = buffer.status;
        state.notes.did(place, || format!("handles the answer {status} with its own routes"));
    }
    // What the first answer said of itself is replaced.
    state.place = None;
    state.answered_by = None;
    state.file = None;
    let level = state.layers.len();
    state.layers.push(Layer::Recorder { status: 0, size: 0 });
    let end = Rc::new(Rest::End { is_error: false });
    let result = run(state, Rest::Routes(routes, 0, end), depth + 1);
    if matches!(result, Err(Raised::Abort | Raised::Unknown(_))) {
        return result;
    }
    state.layers.truncate(level + 1);
    let Some(Layer::Recorder { status, size }) = state.layers.pop() else { return result };
    result?;
    if status == 0 && buffer.status != 0 {
        state.write_header(buffer.status)?;
    }
    if size == 0 {
        for chunk in buffer.chunks {
            state.write(chunk)?;
        }
    }
    Ok(())
}
