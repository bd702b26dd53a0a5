//! All routes, matchers and handlers of a program, for reports on what requests reach.

use super::program::{Handler, Kind, MatcherSet, Place, Program, Route};
use super::words;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// A route.
    Route,
    /// A matcher of a route.
    Matcher,
    /// A handler of a route.
    Handler,
}

/// A route, a matcher or a handler.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it is: the JSON pointer is its identity.
    pub place: Place,
    /// The matcher in words, or the name of the handler; for a route, its matchers.
    pub words: String,
    /// The pointers of the routes that it is in, from the outside to the inside.
    pub within: Vec<String>,
}

/// The JSON pointer of a matcher.
pub(super) fn matcher_pointer(route: &str, set: usize, name: &str) -> String {
    format!("{route}/match/{set}/{name}")
}

impl Program<'_> {
    /// All parts, in the order in which Caddy tries them. Routes that Caddy adds by itself, such as redirects to HTTPS, are not
    /// among them.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        for server in &self.servers {
            for top in [&server.top, &server.errors] {
                for number in 0..top.len() {
                    if let Some(found) = top.get(number) {
                        route(&mut parts, found, &[]);
                    }
                }
            }
            for named in server.named.values() {
                route(&mut parts, named, &[]);
            }
        }
        parts
    }
}

fn route(parts: &mut Vec<Part>, route: &Route, within: &[String]) {
    if route.place.pointer.is_empty() {
        return;
    }
    let sets: Vec<String> = route.sets.iter().map(set_words).collect();
    let own = Part {
        kind: PartKind::Route,
        place: route.place.clone(),
        words: if sets.is_empty() { "every request".to_owned() } else { sets.join(" or ") },
        within: within.to_vec(),
    };
    parts.push(own);
    let mut inside = within.to_vec();
    inside.push(route.place.pointer.clone());
    for (number, set) in route.sets.iter().enumerate() {
        for matcher in &set.matchers {
            let pointer = matcher_pointer(&route.place.pointer, number, matcher.name());
            parts.push(Part {
                kind: PartKind::Matcher,
                place: Place { pointer, span: route.place.span },
                words: words::matcher(matcher),
                within: inside.clone(),
            });
        }
    }
    for one in &route.handlers {
        handler(parts, one, &inside);
    }
}

fn set_words(set: &MatcherSet) -> String {
    set.matchers.iter().map(words::matcher).collect::<Vec<_>>().join(" and ")
}

fn handler(parts: &mut Vec<Part>, handler: &Handler, within: &[String]) {
    let mut below = |routes: &[Route]| {
        for one in routes {
            route(parts, one, within);
        }
    };
    let responses = match &handler.kind {
        Kind::Subroute { routes, errors } => {
            below(routes);
            below(errors.as_deref().unwrap_or_default());
            return;
        }
        Kind::Proxy(proxy) => proxy.handlers.as_slice(),
        Kind::Intercept(handlers) => handlers,
        _ => &[],
    };
    let name = handler.name.clone();
    let place = handler.place.clone();
    parts.push(Part { kind: PartKind::Handler, place, words: name, within: within.to_vec() });
    for response in responses {
        for one in response.routes.as_deref().unwrap_or_default() {
            route(parts, one, within);
        }
    }
}
