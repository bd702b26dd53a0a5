//! From a place in the compiled JSON back to the Caddyfile.

use std::collections::BTreeMap;

use super::pointer::unescape;
use super::{Document, Handler, HandlerBody, Route, Server};
use crate::source::Span;

/// The words that what is at `pointer` in `config`, or its nearest ancestor among routes and handlers, was compiled
/// from. Pointers are those of RFC 6901, such as `/apps/http/servers/srv0/routes/0/handle/1`.
pub fn span_at(config: &Document, pointer: &str) -> Option<Span> {
    let mut at = Trace::of(config);
    for key in pointer.split('/').skip(1) {
        if !at.goes_on() {
            break;
        }
        at = at.step(&unescape(key));
    }
    at.span()
}

/// A place in the JSON of a configuration, with the words that it was compiled from. A walk through a deep configuration takes
/// one step for each level, where [`span_at`] reads the whole pointer again.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'a> {
    part: Part<'a>,
    span: Option<Span>,
}

#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    /// On the way to the servers: the keys that are left of it.
    Above(&'a Document, &'static [&'static str]),
    Server(&'a Server),
    Errors(&'a [Route]),
    Named(&'a BTreeMap<String, Route>),
    Routes(&'a [Route]),
    Route(&'a Route),
    Handlers(&'a [Handler]),
    Handler(&'a Handler),
    /// Neither a route nor a handler lies further down.
    End,
}

impl<'a> Trace<'a> {
    /// The whole configuration.
    pub fn of(config: &'a Document) -> Self {
        Self { part: Part::Above(config, &["apps", "http", "servers"]), span: None }
    }

    /// What lies below `key` of an object, or at that place of an array.
    #[must_use]
    pub fn step(self, key: &str) -> Self {
        let part = match self.part {
            Part::Above(config, [next, rest @ ..]) if *next == key => Part::Above(config, rest),
            Part::Above(config, []) => {
                let server = config.apps.http.as_ref().and_then(|http| http.servers.get(key));
                server.map_or(Part::End, |server| Part::Server(server))
            }
            Part::Server(server) => match key {
                "routes" => Part::Routes(&server.routes),
                "errors" => server.errors.as_ref().map_or(Part::End, |errors| Part::Errors(&errors.routes)),
                "named_routes" => Part::Named(&server.named_routes),
                _ => Part::End,
            },
            Part::Errors(routes) if key == "routes" => Part::Routes(routes),
            Part::Named(routes) => routes.get(key).map_or(Part::End, Part::Route),
            Part::Routes(routes) => item(routes, key).map_or(Part::End, Part::Route),
            Part::Route(route) if key == "handle" => Part::Handlers(&route.handlers),
            Part::Handlers(handlers) => item(handlers, key).map_or(Part::End, Part::Handler),
            Part::Handler(Handler { body: HandlerBody::Subroute(routes), .. }) if key == "routes" => {
                Part::Routes(routes)
            }
            _ => Part::End,
        };
        let span = match part {
            Part::Route(route) => Some(route.span),
            Part::Handler(handler) => Some(handler.span),
            _ => self.span,
        };
        Self { part, span }
    }

    /// The words of the innermost route or handler; `None` outside of routes.
    pub fn span(self) -> Option<Span> {
        self.span
    }

    fn goes_on(self) -> bool {
        !matches!(self.part, Part::End)
    }
}

fn item<'a, T>(items: &'a [T], key: &str) -> Option<&'a T> {
    items.get(key.parse::<usize>().ok()?)
}
