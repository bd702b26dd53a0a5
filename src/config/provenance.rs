//! From a place in the compiled JSON back to the Caddyfile.

use std::collections::BTreeMap;

use super::{Document, HandlerBody, Route};
use crate::source::Span;

/// JSON pointers (RFC 6901, such as `/apps/http/servers/srv0/routes/0/handle/1`) and the words they were compiled from.
///
/// Not every pointer is listed: sites, routes, handlers and policies are, and what lies below belongs to its nearest
/// listed ancestor.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    spans: BTreeMap<String, Span>,
}

impl Provenance {
    /// Records that what is at `pointer` was compiled from `span`.
    pub fn record(&mut self, pointer: impl Into<String>, span: Span) {
        self.spans.insert(pointer.into(), span);
    }

    /// The words that `pointer`, or its nearest listed ancestor, was compiled from.
    pub fn find(&self, pointer: &str) -> Option<Span> {
        let mut at = pointer;
        loop {
            if let Some(span) = self.spans.get(at) {
                return Some(*span);
            }
            at = &at[..at.rfind('/')?];
        }
    }

    /// All listed pointers, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.spans.iter().map(|(pointer, span)| (pointer.as_str(), *span))
    }

    /// The places of all routes and handlers of a configuration.
    pub fn of(config: &Document) -> Self {
        let mut all = Self::default();
        for (name, server) in config.apps.http.iter().flat_map(|http| &http.servers) {
            let server_at = format!("/apps/http/servers/{}", escape(name));
            all.routes(&format!("{server_at}/routes"), &server.routes);
            if let Some(errors) = &server.errors {
                all.routes(&format!("{server_at}/errors/routes"), &errors.routes);
            }
            for (name, route) in &server.named_routes {
                all.route(&format!("{server_at}/named_routes/{}", escape(name)), route);
            }
        }
        all
    }

    fn routes(&mut self, at: &str, routes: &[Route]) {
        for (index, route) in routes.iter().enumerate() {
            self.route(&format!("{at}/{index}"), route);
        }
    }

    fn route(&mut self, at: &str, route: &Route) {
        self.record(at, route.span);
        for (index, handler) in route.handlers.iter().enumerate() {
            let at = format!("{at}/handle/{index}");
            self.record(at.as_str(), handler.span);
            if let HandlerBody::Subroute(routes) = &handler.body {
                self.routes(&format!("{at}/routes"), routes);
            }
        }
    }
}

/// The words that what is at `pointer` in `config`, or its nearest ancestor among routes and handlers, was compiled
/// from: the same answer as [`Provenance::find`], without a list of all pointers.
pub fn span_at(config: &Document, pointer: &str) -> Option<Span> {
    let mut parts = pointer.strip_prefix("/apps/http/servers/")?.split('/');
    let name = parts.next()?.replace("~1", "/").replace("~0", "~");
    let server = config.apps.http.as_ref()?.servers.get(&name)?;
    let index = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok());
    let mut route = match parts.next()? {
        "routes" => server.routes.get(index(parts.next())?)?,
        "errors" if parts.next() == Some("routes") => {
            server.errors.as_ref()?.routes.get(index(parts.next())?)?
        }
        "named_routes" => server.named_routes.get(&parts.next()?.replace("~1", "/").replace("~0", "~"))?,
        _ => return None,
    };
    let mut span = route.span;
    // Each turn goes one handler and one route down.
    while parts.next() == Some("handle") {
        let Some(handler) = index(parts.next()).and_then(|index| route.handlers.get(index)) else { break };
        span = handler.span;
        let HandlerBody::Subroute(routes) = &handler.body else { break };
        if parts.next() != Some("routes") {
            break;
        }
        let Some(inner) = index(parts.next()).and_then(|index| routes.get(index)) else { break };
        (route, span) = (inner, inner.span);
    }
    Some(span)
}

/// A name as one part of a JSON pointer.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
