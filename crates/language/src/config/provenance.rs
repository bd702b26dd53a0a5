//! From a place in the compiled JSON back to the Caddyfile.

use super::{Document, HandlerBody};
use crate::source::Span;

/// The words that what is at `pointer` in `config`, or its nearest ancestor among routes and handlers, was compiled
/// from. Pointers are those of RFC 6901, such as `/apps/http/servers/srv0/routes/0/handle/1`.
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
