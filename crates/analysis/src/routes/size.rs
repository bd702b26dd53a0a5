//! How large a table of routes becomes, before it is made: named routes that invoke each other twice, and handlers in
//! deep blocks, make more lines than memory has room for.

use std::collections::HashMap;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::answer;
use super::server::{self, Config, Entry, Server};
use caddyctl_language::source::limits::grouped;

/// JSON may have so many lines more for each of its routes: there each route is written out.
const LINES_PER_ROUTE: usize = 50;

/// So many sites are named in the room that a line takes.
const SITES_PER_LINE: usize = 4;

/// So many values of matchers are printed in the room that a line takes.
const VALUES_PER_LINE: usize = 2;

/// A table would be too large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// The most lines, where a line counts once for each block around it, and again for what their matchers ask for.
    pub most: usize,
    /// The JSON pointer of the site with which it becomes too large.
    pub pointer: String,
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = grouped(self.most);
        write!(
            f,
            "the table of routes would have more than {most} lines, each counted once for each block and for every \
             {VALUES_PER_LINE} values of a matcher around it"
        )
    }
}

impl std::error::Error for TooLarge {}

/// Counts the lines of the table of `config`, where a handler in blocks counts once for each of them, and checks that they are
/// at most `most`. A large JSON file may have more.
///
/// # Errors
///
/// It has more.
pub fn check(config: Config<'_>, most: usize) -> Result<usize, TooLarge> {
    let per_route = if config.document.is_some() { 0 } else { LINES_PER_ROUTE };
    let mut total = 0_usize;
    let mut routes = 0_usize;
    for server in server::servers(config) {
        let mut count = Count { server: &server, named: HashMap::new(), open: Vec::new(), routes: 0 };
        // Sites of several hosts are one route, and their table is one.
        let mut seen = FxHashSet::default();
        for entry in server.entries() {
            let lines = count.entry(&entry);
            if seen.insert(entry.pointer.clone()) {
                routes += std::mem::take(&mut count.routes);
            }
            count.routes = 0;
            // A line names its sites: each host on each address.
            let sites = entry.hosts.len().max(1).saturating_mul(server.addresses().len());
            let named = lines.number.max(1).saturating_mul(sites) / SITES_PER_LINE;
            total = total.saturating_add(lines.weight).saturating_add(named);
            let most = most.saturating_add(routes.saturating_mul(per_route));
            if total > most {
                return Err(TooLarge { most, pointer: entry.pointer });
            }
        }
    }
    Ok(total)
}

/// The lines of a part of a table.
#[derive(Clone, Copy, Debug, Default)]
struct Lines {
    number: usize,
    /// Each counted once for each block around it in this part, and again for what their matchers ask for.
    weight: usize,
}

impl Lines {
    fn add(&mut self, other: Self) {
        self.number = self.number.saturating_add(other.number);
        self.weight = self.weight.saturating_add(other.weight);
    }
}

/// So many settings of a handler take the room of a line, as changed headers do.
const SETTINGS_PER_LINE: usize = 4;

/// How many values the matchers of a route have. Hosts are printed as sites.
fn values(route: &Value) -> usize {
    let sets = route.get("match").and_then(Value::as_array).into_iter().flatten();
    let matchers = sets.filter_map(Value::as_object).flatten().filter(|(name, _)| *name != "host");
    matchers.map(|(_, value)| leaves(value)).sum()
}

/// How many texts, numbers and truth values there are in `value`.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

struct Count<'a> {
    server: &'a Server<'a>,
    named: HashMap<&'a str, Lines>,
    /// The named routes that are being counted.
    open: Vec<&'a str>,
    /// How many routes have been counted, each once.
    routes: usize,
}

impl Count<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> Lines {
        self.route(entry.route())
    }

    fn route(&mut self, route: &Value) -> Lines {
        self.routes += 1;
        let mut lines = Lines::default();
        for handler in route.get("handle").and_then(Value::as_array).into_iter().flatten() {
            lines.add(self.handler(handler));
        }
        // A line has the matchers of all blocks around it.
        let matchers = values(route) / VALUES_PER_LINE;
        let weight = lines.number.saturating_mul(matchers.saturating_add(1));
        Lines { weight: lines.weight.saturating_add(weight), ..lines }
    }

    fn handler(&mut self, handler: &Value) -> Lines {
        let mut lines = Lines::default();
        match answer::name(handler) {
            "subroute" => {
                for key in ["/routes", "/errors/routes"] {
                    for route in handler.pointer(key).and_then(Value::as_array).into_iter().flatten() {
                        lines.add(self.route(route));
                    }
                }
            }
            "invoke" => match self.invoked(handler) {
                Some(invoked) => lines.add(invoked),
                None => lines.number = 1,
            },
            _ => lines.number = 1 + leaves(handler) / SETTINGS_PER_LINE,
        }
        lines
    }

    /// The lines of the named route that `handler` invokes.
    fn invoked(&mut self, handler: &Value) -> Option<Lines> {
        let name = handler.get("name").and_then(Value::as_str)?;
        if let Some(known) = self.named.get(name) {
            return Some(*known);
        }
        let (name, route) = self.server.named_entry(name)?;
        if self.open.contains(&name) {
            return None;
        }
        self.open.push(name);
        let lines = self.route(route);
        self.open.pop();
        self.named.insert(name, lines);
        Some(lines)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(named: &Value, handlers: &Value) -> Value {
        json!({"apps": {"http": {"servers": {"srv0": {
            "routes": [{"handle": handlers}], "named_routes": named
        }}}}})
    }

    fn lines(value: &Value) -> usize {
        (0..1_000_000).find(|most| check(Config { value, document: None }, *most).is_ok()).unwrap()
    }

    #[test]
    fn each_line_counts_for_each_block() {
        let respond = json!({"handler": "static_response"});
        let plain = config(&json!({}), &json!([respond, respond]));
        assert!(check(Config { value: &plain, document: None }, 0).is_ok(), "a route may have some lines");
        let deep = |levels: usize| {
            let inside = json!([respond, respond, respond, respond]);
            (0..levels)
                .fold(inside, |inside, _| json!([{"handler": "subroute", "routes": [{"handle": inside}]}]))
        };
        assert_eq!(lines(&config(&json!({}), &deep(99))), 0);
        let one = vec![respond.clone(); 100];
        let deep = (0..9)
            .fold(json!(one), |inside, _| json!([{"handler": "subroute", "routes": [{"handle": inside}]}]));
        // The 100 lines name one site each.
        let expected = 100 * 10 + 100 / SITES_PER_LINE - 10 * LINES_PER_ROUTE;
        assert_eq!(lines(&config(&json!({}), &deep)), expected);
    }

    #[test]
    fn named_routes_that_invoke_each_other_twice() {
        let mut named = serde_json::Map::new();
        named.insert("r0".to_owned(), json!({"handle": [{"handler": "static_response"}]}));
        for number in 1..60 {
            let invoke = json!({"handler": "invoke", "name": format!("r{}", number - 1)});
            named.insert(format!("r{number}"), json!({"handle": [invoke, invoke]}));
        }
        let config = config(&Value::Object(named), &json!([{"handler": "invoke", "name": "r59"}]));
        let error = check(Config { value: &config, document: None }, 1_000_000).unwrap_err();
        assert_eq!(error.pointer, "/apps/http/servers/srv0/routes/0");
    }
}
