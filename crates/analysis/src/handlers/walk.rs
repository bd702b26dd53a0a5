//! The walk through the JSON. It keeps its own stack, because routes may be nested deeply.

use std::collections::HashMap;

use serde_json::Value;

use super::{HandlerNode, Handlers, Key, List, RouteNode};

/// What is left to do.
enum Task<'c> {
    Route { value: &'c Value, list: usize, place: usize },
    Handler { value: &'c Value, route: usize, place: usize },
    EndRoute(usize),
    EndHandler(usize),
}

/// The name of the route that a handler runs.
pub(super) fn invoked(handler: &Value) -> Option<&str> {
    let is_invoke = handler.get("handler").and_then(Value::as_str) == Some("invoke");
    if is_invoke { handler.get("name").and_then(Value::as_str) } else { None }
}

fn routes(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl<'c> Handlers<'c> {
    /// Those of `config`, which is Caddy's JSON with all its routes.
    pub(crate) fn of(config: &'c Value) -> Self {
        let mut all = Self {
            config,
            servers: Vec::new(),
            routes: Vec::new(),
            steps: Vec::new(),
            lists: Vec::new(),
            callers: HashMap::new(),
            named: HashMap::new(),
        };
        let servers = config.pointer("/apps/http/servers").and_then(Value::as_object);
        for (name, server) in servers.into_iter().flatten() {
            let number = all.servers.len();
            all.servers.push((name, server));
            all.list(number, None, Key::Routes, routes(server.get("routes")));
            all.list(number, None, Key::Errors, routes(server.pointer("/errors/routes")));
            for (name, route) in server.get("named_routes").and_then(Value::as_object).into_iter().flatten() {
                all.named.insert((number, name), all.routes.len());
                all.list(number, None, Key::Named(name), std::slice::from_ref(route));
            }
        }
        for (id, handler) in all.steps.iter().enumerate() {
            if let Some(name) = invoked(handler.value) {
                let server = all.lists[all.routes[handler.route].list].server;
                all.callers.entry((server, name)).or_default().push(id);
            }
        }
        all
    }

    fn list(&mut self, server: usize, owner: Option<usize>, key: Key<'c>, routes: &'c [Value]) {
        let mut tasks = Vec::new();
        self.queue(&mut tasks, server, owner, key, routes);
        while let Some(task) = tasks.pop() {
            match task {
                Task::Route { value, list, place } => {
                    let id = self.routes.len();
                    let first = self.steps.len();
                    self.routes.push(RouteNode { value, list, place, first, end: first });
                    if value.get("terminal") != Some(&Value::Bool(true)) {
                        self.lists[list].passing.push(id);
                    }
                    tasks.push(Task::EndRoute(id));
                    let handlers =
                        value.get("handle").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                    let all = handlers.iter().enumerate().rev();
                    tasks.extend(all.map(|(place, value)| Task::Handler { value, route: id, place }));
                }
                Task::Handler { value, route, place } => {
                    let id = self.steps.len();
                    self.steps.push(HandlerNode { value, route, place, end: id + 1 });
                    tasks.push(Task::EndHandler(id));
                    self.below(&mut tasks, id);
                }
                Task::EndRoute(id) => self.routes[id].end = self.steps.len(),
                Task::EndHandler(id) => self.steps[id].end = self.steps.len(),
            }
        }
    }

    /// The lists of a handler, which are walked after what is on the stack is not yet: the last is queued first.
    fn below(&mut self, tasks: &mut Vec<Task<'c>>, handler: usize) {
        let node = &self.steps[handler];
        let (value, server) = (node.value, self.lists[self.routes[node.route].list].server);
        let responses = value.get("handle_response").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (number, response) in responses.iter().enumerate().rev() {
            self.queue(tasks, server, Some(handler), Key::Responses(number), routes(response.get("routes")));
        }
        self.queue(tasks, server, Some(handler), Key::Errors, routes(value.pointer("/errors/routes")));
        self.queue(tasks, server, Some(handler), Key::Routes, routes(value.get("routes")));
    }

    fn queue(
        &mut self,
        tasks: &mut Vec<Task<'c>>,
        server: usize,
        owner: Option<usize>,
        key: Key<'c>,
        routes: &'c [Value],
    ) {
        if routes.is_empty() {
            return;
        }
        let list = self.lists.len();
        self.lists.push(List { server, owner, key, passing: Vec::new() });
        tasks.extend(routes.iter().enumerate().rev().map(|(place, value)| Task::Route {
            value,
            list,
            place,
        }));
    }
}
