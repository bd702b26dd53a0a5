//! All routes and handlers of a configuration in the order in which they run, with what is around each: for questions such as
//! "does a header come before this proxy".
//!
//! Nothing is decided about a request. Routes that the host, the group or `terminal` make exclusive are known as such.

mod client;
mod headers;
mod matchers;
mod server;
mod walk;

use std::collections::HashMap;

use serde_json::Value;

use caddyctl_language::config::pointer::escape;

pub(crate) use client::{is_client, scalar_texts};
pub(crate) use headers::covers;
pub(crate) use matchers::{Matcher, calls};

/// The routes and handlers of all servers.
#[derive(Debug, Default)]
pub(crate) struct Handlers<'c> {
    /// The whole configuration.
    config: &'c Value,
    servers: Vec<(&'c str, &'c Value)>,
    routes: Vec<RouteNode<'c>>,
    steps: Vec<HandlerNode<'c>>,
    lists: Vec<List<'c>>,
    /// The handlers that run a named route, by server and name.
    callers: HashMap<(usize, &'c str), Vec<usize>>,
    /// The named routes.
    named: HashMap<(usize, &'c str), usize>,
}

/// A list of routes that are tried one after the other.
#[derive(Debug)]
struct List<'c> {
    server: usize,
    /// The handler that has the list; none at the top of a server.
    owner: Option<usize>,
    key: Key<'c>,
    /// The routes after which others may still run, in their order.
    passing: Vec<usize>,
}

/// Where a list is in the JSON of its server or handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key<'c> {
    Routes,
    Errors,
    Named(&'c str),
    Responses(usize),
}

#[derive(Debug)]
struct RouteNode<'c> {
    value: &'c Value,
    list: usize,
    /// Its place in the list.
    place: usize,
    /// Its handlers and all below them.
    first: usize,
    end: usize,
}

#[derive(Debug)]
struct HandlerNode<'c> {
    value: &'c Value,
    route: usize,
    /// Its place among the handlers of the route.
    place: usize,
    /// The end of what is below it, exclusive.
    end: usize,
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route<'m, 'c> {
    all: &'m Handlers<'c>,
    id: usize,
}

/// A handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler<'m, 'c> {
    all: &'m Handlers<'c>,
    id: usize,
}

impl<'c> Handlers<'c> {
    /// The whole configuration.
    pub(crate) fn config(&self) -> &'c Value {
        self.config
    }

    /// All handlers, each before what is below it.
    pub(crate) fn all(&self) -> impl Iterator<Item = Handler<'_, 'c>> {
        (0..self.steps.len()).map(|id| Handler { all: self, id })
    }

    /// The handlers of this name.
    pub(crate) fn named<'m>(&'m self, name: &'m str) -> impl Iterator<Item = Handler<'m, 'c>> {
        self.all().filter(move |handler| handler.is(name))
    }

    /// All routes.
    pub(crate) fn routes(&self) -> impl Iterator<Item = Route<'_, 'c>> {
        (0..self.routes.len()).map(|id| Route { all: self, id })
    }

    /// All matchers of this name, with the routes that have them.
    pub(crate) fn matchers<'m>(
        &'m self,
        name: &'m str,
    ) -> impl Iterator<Item = (Route<'m, 'c>, Matcher<'c>)> {
        self.routes().flat_map(move |route| {
            route
                .matchers()
                .into_iter()
                .filter(move |matcher| matcher.name == name)
                .map(move |matcher| (route, matcher))
        })
    }
}

impl<'m, 'c> Route<'m, 'c> {
    fn node(self) -> &'m RouteNode<'c> {
        &self.all.routes[self.id]
    }

    /// Its JSON.
    pub(crate) fn value(self) -> &'c Value {
        self.node().value
    }

    /// Its JSON pointer.
    pub(crate) fn pointer(self) -> String {
        self.all.pointer(self.id, None)
    }

    /// The number of its server.
    pub(crate) fn server(self) -> usize {
        self.all.lists[self.node().list].server
    }

    /// Its handlers, without those below them.
    pub(crate) fn handlers(self) -> impl Iterator<Item = Handler<'m, 'c>> {
        let all = self.all;
        let mut next = self.node().first;
        let end = self.node().end;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let handler = Handler { all, id: next };
            next = all.steps[next].end;
            Some(handler)
        })
    }

    /// Its matchers, those in `not` included.
    pub(crate) fn matchers(self) -> Vec<Matcher<'c>> {
        matchers::of_route(self.value())
    }

    /// The routes around it and itself, the innermost first; those around the places that run a named route included.
    pub(crate) fn around(self) -> Vec<Route<'m, 'c>> {
        let mut out = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut next = vec![self.id];
        while let Some(id) = next.pop() {
            if !seen.insert(id) {
                continue;
            }
            out.push(Route { all: self.all, id });
            next.extend(self.all.owners(id).into_iter().map(|owner| self.all.steps[owner].route));
        }
        out
    }

    /// The routes at the top of a server that lead to it.
    fn roots(self) -> Vec<Route<'m, 'c>> {
        let is_root = |route: &Route| {
            let list = &self.all.lists[route.node().list];
            list.owner.is_none() && !matches!(list.key, Key::Named(_))
        };
        self.around().into_iter().filter(is_root).collect()
    }

    /// Whether it is before another route of the server, around it, or the route itself. A named route may run anywhere.
    pub(crate) fn is_before(self, other: Self) -> bool {
        let is_named = |route: Self| {
            let root =
                route.around().into_iter().find(|route| route.all.lists[route.node().list].owner.is_none());
            root.is_some_and(|root| matches!(root.all.lists[root.node().list].key, Key::Named(_)))
        };
        self.id <= other.id || is_named(self) || is_named(other)
    }

    /// The sites that it is in, each as its server and a host, which is empty for any host.
    pub(crate) fn sites(self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for root in self.roots() {
            let hosts = matchers::hosts(root.value()).unwrap_or_else(|| vec![String::new()]);
            out.extend(hosts.into_iter().map(|host| (root.server(), host)));
        }
        out
    }
}

impl<'m, 'c> Handler<'m, 'c> {
    fn node(self) -> &'m HandlerNode<'c> {
        &self.all.steps[self.id]
    }

    /// Its JSON.
    pub(crate) fn value(self) -> &'c Value {
        self.node().value
    }

    /// The field `name`; null if it is missing.
    pub(crate) fn at(self, name: &str) -> &'c Value {
        self.value().get(name).unwrap_or(&Value::Null)
    }

    /// Whether its name is `name`.
    pub(crate) fn is(self, name: &str) -> bool {
        self.at("handler").as_str() == Some(name)
    }

    /// Its JSON pointer.
    pub(crate) fn pointer(self) -> String {
        self.all.pointer(self.node().route, Some(self.id))
    }

    /// The route that has it.
    pub(crate) fn route(self) -> Route<'m, 'c> {
        Route { all: self.all, id: self.node().route }
    }

    /// The handler in whose `handle_response` it is.
    pub(crate) fn answers(self) -> Option<Handler<'m, 'c>> {
        let mut id = self.id;
        loop {
            let list = &self.all.lists[self.all.routes[self.all.steps[id].route].list];
            let owner = list.owner?;
            if matches!(list.key, Key::Responses(_)) {
                return Some(Handler { all: self.all, id: owner });
            }
            id = owner;
        }
    }

    /// The handlers that may have run for a request before this one gets it, and all below them.
    pub(crate) fn before(self) -> Vec<Handler<'m, 'c>> {
        let all = self.all;
        all.before(self.id).into_iter().map(|id| Handler { all, id }).collect()
    }

    /// Whether it runs for each request that comes to `other`, which it is before: no route between asks for more than the
    /// routes around `other` do.
    pub(crate) fn is_certain_before(self, other: Self) -> bool {
        let shared: Vec<usize> = other.route().around().iter().map(|route| route.id).collect();
        let own = self.route().around();
        own.iter().filter(|route| !shared.contains(&route.id)).all(|route| route.matchers().is_empty())
    }
}

impl Handlers<'_> {
    /// The handlers that lead to a route's list: its owner, or those that run the named route.
    fn owners(&self, route: usize) -> Vec<usize> {
        let list = &self.lists[self.routes[route].list];
        match (list.owner, list.key) {
            (Some(owner), _) => vec![owner],
            (None, Key::Named(name)) => self.callers.get(&(list.server, name)).cloned().unwrap_or_default(),
            (None, _) => Vec::new(),
        }
    }

    /// The pointer of a route, or of a handler in it. Pointers are made only where something is found.
    fn pointer(&self, route: usize, handler: Option<usize>) -> String {
        let mut parts: Vec<String> = Vec::new();
        let (mut route, mut handler) = (route, handler);
        loop {
            if let Some(handler) = handler {
                parts.push(format!("/handle/{}", self.steps[handler].place));
            }
            let node = &self.routes[route];
            let list = &self.lists[node.list];
            let place = node.place;
            parts.push(match list.key {
                Key::Routes => format!("/routes/{place}"),
                Key::Errors => format!("/errors/routes/{place}"),
                Key::Named(name) => format!("/named_routes/{}", escape(name)),
                Key::Responses(number) => format!("/handle_response/{number}/routes/{place}"),
            });
            let Some(owner) = list.owner else {
                parts.push(format!("/apps/http/servers/{}", escape(self.servers[list.server].0)));
                break;
            };
            (route, handler) = (self.steps[owner].route, Some(owner));
        }
        parts.reverse();
        parts.concat()
    }

    fn before(&self, handler: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut seen = std::collections::HashSet::new();
        let mut from = vec![handler];
        while let Some(id) = from.pop() {
            if !seen.insert(id) {
                continue;
            }
            let route = self.steps[id].route;
            // Siblings in the same route.
            out.extend(self.routes[route].first..id);
            let list = &self.lists[self.routes[route].list];
            if !matches!(list.key, Key::Named(_)) {
                for earlier in list.passing.iter().copied().take_while(|earlier| *earlier < route) {
                    if !matchers::are_exclusive(self.routes[earlier].value, self.routes[route].value) {
                        out.extend(self.routes[earlier].first..self.routes[earlier].end);
                    }
                }
            }
            from.extend(self.owners(route));
        }
        // What named routes do that ran.
        let mut at = 0;
        let mut run = std::collections::HashSet::new();
        while at < out.len() {
            let node = &self.steps[out[at]];
            let server = self.lists[self.routes[node.route].list].server;
            at += 1;
            if let Some(name) = walk::invoked(node.value)
                && let Some(route) = self.named.get(&(server, name))
                && run.insert(*route)
            {
                out.extend(self.routes[*route].first..self.routes[*route].end);
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}
