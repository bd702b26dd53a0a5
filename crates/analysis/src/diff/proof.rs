//! A proof that two versions of a site treat every request alike: their routes in a normal form.
//!
//! Two sites of one normal form answer alike. Each rule below says why it holds, and `tests/diff_proof.rs` asks the real
//! Caddy about it. What no rule covers stays different, so that a report says less rather than something wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::normal::{Own, order_of_upstreams_is_free};
use super::units::{Unit, Units};
use crate::routes::answer::{self, Answers};
use crate::routes::matchers;
use crate::routes::pattern;
use crate::routes::server::{Phase, Server};
use caddyctl_language::spec::Answer;

/// Routes deeper than this stay as they are written: a normal form of each level within the others takes the square of
/// the depth.
const DEEPEST: usize = 64;

/// Among more routes than this no order is chosen: every pair of them would have to be compared.
const MOST: usize = 300;

/// The normal form of a site.
pub(crate) fn form(units: &Units, unit: &Unit, own: Own) -> Value {
    let entries = unit.entries.iter().map(|&number| &units.entries[number]);
    let mut groups = HashMap::new();
    for (_, entry) in entries.clone() {
        count_groups(entry.route(), &mut groups, 0);
    }
    let mut form = Value::Array(Vec::new());
    for (name, phase) in [("request", Phase::Request), ("error", Phase::Error)] {
        let all: Vec<_> = entries.clone().filter(|(_, entry)| entry.phase == phase).collect();
        let Some((server, _)) = all.first() else { continue };
        let mut normal =
            Normal { server, own, groups: &groups, named: Vec::new(), answers: Answers::default() };
        let routes: Vec<&Value> = all.iter().map(|(_, entry)| entry.route()).collect();
        let shut = normal.groups_that_shut_out(&routes);
        let steps = all.iter().map(|(_, entry)| {
            let route = entry.route();
            // The host is what makes it this site. Matchers that are no plain lists keep their text.
            let sets = if entry.sets.iter().all(matchers::only_looks) {
                Value::from(entry.sets.clone())
            } else {
                route.get("match").cloned().unwrap_or_default()
            };
            normal.step(route, sets, &shut, 0)
        });
        let steps: Vec<Step> = steps.collect();
        let steps: Value = spliced(steps).iter().map(Step::value).collect();
        if let Value::Array(form) = &mut form {
            form.push(json!([name, steps]));
        }
    }
    number_groups(&mut form, &mut HashMap::new());
    form
}

/// Which sites come after one whose host pattern takes their requests too, that takes any host, or that may change the host
/// of a request and pass it on. Other named hosts are apart, so that the order of their sites means nothing: a request has
/// one host.
pub(crate) fn overtaken(units: &Units) -> BTreeMap<(String, String), HashSet<String>> {
    let mut found: BTreeMap<_, HashSet<String>> = BTreeMap::new();
    for (server, range) in &units.servers {
        let any = [String::new()];
        let mut wide: Vec<String> = Vec::new();
        let mut changing: Vec<String> = Vec::new();
        for entry in units.entries_of(range).filter(|entry| entry.phase == Phase::Request) {
            let hosts = if entry.hosts.is_empty() { &any[..] } else { &entry.hosts };
            for host in hosts {
                let before = wide.iter().filter(|wide| {
                    *wide != host
                        && (wide.is_empty() || host.is_empty() || !pattern::host_disjoint(wide, host))
                });
                let others = changing.iter().filter(|other| *other != host);
                let before: Vec<String> = before.chain(others).cloned().collect();
                if !before.is_empty() {
                    for address in server.addresses() {
                        found.entry((host.clone(), address.clone())).or_default().extend(before.clone());
                    }
                }
            }
            for host in hosts.iter().filter(|host| host.is_empty() || host.contains(['*', '{'])) {
                if wide.len() < MOST {
                    wide.push(host.clone());
                }
            }
            if !entry.is_terminal() && may_change_host(entry.route()) && changing.len() < MOST {
                changing.extend(hosts.iter().cloned());
            }
        }
    }
    found
}

/// Whether a route may change what the matcher `host` of a later route sees.
fn may_change_host(route: &Value) -> bool {
    let handlers = route.get("handle").and_then(Value::as_array);
    handlers.into_iter().flatten().any(may_rewrite)
}

/// The way down through the routes of a site.
struct Normal<'a, 's> {
    server: &'a Server<'s>,
    own: Own<'a>,
    /// How many routes of the site belong to each group. Caddy counts groups over a whole request.
    groups: &'a HashMap<String, usize>,
    /// The named routes that are gone through.
    named: Vec<String>,
    answers: Answers,
}

/// A route in normal form.
#[derive(Clone)]
struct Step {
    sets: Value,
    group: Option<String>,
    terminal: bool,
    handlers: Vec<Value>,
    /// Whether every request that matches is answered in it.
    answers: bool,
    /// Whether it may change what matchers see.
    rewrites: bool,
}

impl Step {
    /// Whether nothing is asked before its handlers run, and nothing is left out after them.
    fn is_plain(&self) -> bool {
        self.sets.as_array().is_none_or(Vec::is_empty) && self.group.is_none() && !self.terminal
    }

    /// `step` with these handlers.
    fn of(step: Self, handlers: Vec<Value>) -> Self {
        let answers = handlers.iter().any(|handler| answer::ends(handler) == Answer::Always);
        Self { answers, rewrites: handlers.iter().any(may_rewrite), handlers, ..step }
    }

    /// A step from its value.
    fn read(value: &Value) -> Self {
        let handlers = value.get("handle").and_then(Value::as_array).cloned().unwrap_or_default();
        let empty = Self {
            sets: value.get("match").cloned().unwrap_or_default(),
            group: text(value, "group"),
            terminal: is_terminal(value),
            handlers: Vec::new(),
            answers: false,
            rewrites: false,
        };
        Self::of(empty, handlers)
    }

    fn value(&self) -> Value {
        json!({ "match": self.sets, "group": self.group, "terminal": self.terminal, "handle": self.handlers })
    }
}

impl Normal<'_, '_> {
    /// A list of routes.
    fn list(&mut self, routes: &[Value], depth: usize) -> Vec<Step> {
        if depth >= DEEPEST {
            let raw = |route: &Value| Step {
                sets: route.get("match").cloned().unwrap_or_default(),
                group: text(route, "group"),
                terminal: is_terminal(route),
                handlers: vec![route.clone()],
                answers: false,
                rewrites: true,
            };
            return routes.iter().map(raw).collect();
        }
        let all: Vec<&Value> = routes.iter().collect();
        let shut = self.groups_that_shut_out(&all);
        spliced(routes.iter().map(|route| self.step(route, strict_sets(route), &shut, depth)).collect())
    }

    /// A route with these matchers.
    fn step(&mut self, route: &Value, sets: Value, shut: &HashSet<String>, depth: usize) -> Step {
        let handlers = self.handlers(route, depth);
        Step {
            sets,
            group: text(route, "group").filter(|group| shut.contains(group)),
            terminal: is_terminal(route),
            answers: self.answers.route(route),
            rewrites: handlers.iter().any(may_rewrite),
            handlers,
        }
    }

    /// The groups of a list that keep out a route. One with a single member in the site does not; nor one of which all
    /// members but the last answer, for what is answered comes to no later route anyway.
    fn groups_that_shut_out(&mut self, routes: &[&Value]) -> HashSet<String> {
        let mut members: HashMap<String, Vec<&Value>> = HashMap::new();
        for &route in routes {
            if let Some(group) = text(route, "group") {
                members.entry(group).or_default().push(route);
            }
        }
        let shuts_out = |(group, members): &(String, Vec<&Value>)| {
            self.groups.get(group) != Some(&members.len())
                || !members[..members.len() - 1].iter().all(|route| self.answers.route(route))
        };
        members.into_iter().filter(shuts_out).map(|(group, _)| group).collect()
    }

    /// The handlers of a route. A subroute that asks nothing is its handlers.
    fn handlers(&mut self, route: &Value, depth: usize) -> Vec<Value> {
        let mut out = Vec::new();
        for handler in route.get("handle").and_then(Value::as_array).into_iter().flatten() {
            let (steps, errors) = match answer::name(handler) {
                "subroute" => {
                    let routes = |pointer| handler.pointer(pointer).and_then(Value::as_array);
                    let errors = routes("/errors/routes").map(|routes| self.list(routes, depth + 1));
                    (routes("/routes").map(|routes| self.list(routes, depth + 1)).unwrap_or_default(), errors)
                }
                // Caddy runs a named route as it runs a subroute.
                "invoke" => {
                    let Some(steps) = self.named(handler, depth) else {
                        out.push(handler.clone());
                        continue;
                    };
                    (steps, None)
                }
                _ => {
                    out.push(self.plain(handler, depth));
                    continue;
                }
            };
            if errors.is_none() && steps.iter().all(Step::is_plain) {
                out.extend(steps.into_iter().flat_map(|step| step.handlers));
                continue;
            }
            let values = |steps: Vec<Step>| steps.iter().map(Step::value).collect::<Value>();
            let mut subroute = Map::new();
            subroute.insert("handler".to_owned(), "subroute".into());
            subroute.insert("steps".to_owned(), values(steps));
            subroute.extend(errors.map(|errors| ("errors".to_owned(), values(errors))));
            out.push(subroute.into());
        }
        out
    }

    fn named(&mut self, handler: &Value, depth: usize) -> Option<Vec<Step>> {
        let name = text(handler, "name")?;
        let route = self.server.named(&name)?;
        if self.named.contains(&name) {
            return None;
        }
        self.named.push(name);
        let steps = self.list(std::slice::from_ref(route), depth + 1);
        self.named.pop();
        Some(steps)
    }

    /// A handler that holds no routes of its own, or only for some answers, without the order of what is a set.
    fn plain(&mut self, handler: &Value, depth: usize) -> Value {
        let mut out = self.value("", handler, depth);
        if answer::name(handler) == "reverse_proxy" && order_of_upstreams_is_free(handler) {
            out.get_mut("upstreams").map(sort);
        }
        if let Some(accounts) = out.pointer_mut("/providers/http_basic/accounts") {
            sort(accounts);
        }
        out
    }

    fn value(&mut self, key: &str, value: &Value, depth: usize) -> Value {
        match (key, value) {
            ("routes", Value::Array(routes)) if routes.iter().all(|route| route.get("handle").is_some()) => {
                self.list(routes, depth + 1).iter().map(Step::value).collect()
            }
            ("match", Value::Array(sets)) => strict(sets),
            // The file that was compiled lies elsewhere on the other side, and is hidden there too.
            ("hide", Value::Array(_)) => {
                let mut hide: Vec<&str> =
                    matchers::strings(value).filter(|entry| !self.own.is(entry)).collect();
                hide.sort_unstable();
                hide.into()
            }
            // Any of them may match, or all of them are deleted: these lists are sets.
            ("ranges" | "trusted_proxies" | "delete", Value::Array(items)) => {
                let mut items: Value = items.iter().map(|item| self.value("", item, depth)).collect();
                sort(&mut items);
                items
            }
            (_, Value::Object(_)) if depth >= DEEPEST => value.clone(),
            (_, Value::Object(fields)) => {
                let fields =
                    fields.iter().map(|(key, value)| (key.clone(), self.value(key, value, depth + 1)));
                // A `hide` that only names the configuration is one that is not there.
                let kept = fields.filter(|(key, value)| {
                    key != "hide" || value.as_array().is_none_or(|hide| !hide.is_empty())
                });
                kept.collect::<Map<_, _>>().into()
            }
            (_, Value::Array(items)) => items.iter().map(|item| self.value("", item, depth + 1)).collect(),
            (_, other) => other.clone(),
        }
    }
}

/// The routes without what only nests them, in order.
fn spliced(routes: Vec<Step>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for step in routes {
        if !step.is_plain() {
            steps.push(step);
            continue;
        }
        // The handlers of a route that asks nothing run one after the other, as those of several such routes do.
        for handler in &step.handlers {
            // A `handle` or `route` around everything: a subroute that always runs is its routes.
            match handler.get("steps") {
                Some(Value::Array(inner)) if handler.get("errors").is_none() => {
                    steps.extend(inner.iter().map(Step::read));
                }
                _ => steps.push(Step::of(step.clone(), vec![handler.clone()])),
            }
        }
    }
    ordered(steps)
}

/// The routes in an order that depends on nothing but what they do: of those that may come next, the first by its text.
/// Two routes may change places if no request matches both and neither changes what the other's matchers see, or if
/// they set different header fields of the answer.
fn ordered(steps: Vec<Step>) -> Vec<Step> {
    if steps.len() < 2 || steps.len() > MOST {
        return steps;
    }
    // The names of groups stand for nothing but themselves.
    let unnamed = |step: &Step| {
        let mut value = step.value();
        number_groups(&mut value, &mut HashMap::new());
        value.to_string()
    };
    let texts: Vec<String> = steps.iter().map(unnamed).collect();
    let mut before: Vec<usize> = vec![0; steps.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    for second in 1..steps.len() {
        for first in 0..second {
            if !commute(&steps[first], &steps[second]) {
                before[second] += 1;
                after[first].push(second);
            }
        }
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    let mut out = Vec::with_capacity(steps.len());
    let mut free: BTreeSet<(&str, usize)> =
        (0..texts.len()).filter(|&at| before[at] == 0).map(|at| (texts[at].as_str(), at)).collect();
    while let Some((_, next)) = free.pop_first() {
        out.extend(steps[next].take());
        for &later in &after[next] {
            before[later] -= 1;
            if before[later] == 0 {
                free.insert((&texts[later], later));
            }
        }
    }
    out
}

fn commute(a: &Step, b: &Step) -> bool {
    let sets = |step: &'_ Step| step.sets.as_array().map_or(&[][..], Vec::as_slice).to_vec();
    let (left, right) = (sets(a), sets(b));
    if !left.iter().chain(&right).all(matchers::only_looks) {
        return false;
    }
    let stays = |step: &Step| step.answers || !step.rewrites;
    let fields = |step: &Step| {
        let fields: Option<Vec<Vec<String>>> = step.handlers.iter().map(answer_fields).collect();
        fields.filter(|_| step.group.is_none() && !step.terminal).map(|fields| fields.concat())
    };
    (matchers::disjoint(&left, &right) && stays(a) && stays(b))
        || fields(a).zip(fields(b)).is_some_and(|(a, b)| a.iter().all(|name| !b.contains(name)))
}

/// The fields of the answer that a handler sets, if that is all it does and they are known by name.
fn answer_fields(handler: &Value) -> Option<Vec<String>> {
    let fields = handler.as_object()?;
    if answer::name(handler) != "headers" || fields.keys().any(|key| key != "handler" && key != "response") {
        return None;
    }
    let response = fields.get("response")?;
    if response.get("require").is_some() || has_placeholder(response) {
        return None;
    }
    let mut names = Vec::new();
    for operation in ["add", "set", "replace"] {
        names.extend(
            response
                .get(operation)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
                .map(|(name, _)| name.to_lowercase()),
        );
    }
    names.extend(response.get("delete").into_iter().flat_map(matchers::strings).map(str::to_lowercase));
    Some(names)
}

/// Whether a text in it holds a placeholder or a star.
fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(['{', '*']),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(fields) => {
            fields.iter().any(|(key, value)| key.contains(['{', '*']) || has_placeholder(value))
        }
        _ => false,
    }
}

/// The matcher sets of a route. Lists of hosts, paths, methods and ranges are sets, and Caddy compares hosts and paths
/// without regard to case. So are several plain sets; others remember what they found, and the first that matches counts.
fn strict_sets(route: &Value) -> Value {
    match route.get("match") {
        Some(Value::Array(sets)) => strict(sets),
        _ => Value::Array(Vec::new()),
    }
}

fn strict(sets: &[Value]) -> Value {
    if sets.iter().all(matchers::only_looks) {
        return matchers::normal(sets).into();
    }
    let one = |set: &Value| if matchers::only_looks(set) { matchers::normal_set(set) } else { set.clone() };
    sets.iter().map(one).collect()
}

/// Whether a handler, in normal form or not, may change what matchers see. A named route may hold anything.
fn may_rewrite(handler: &Value) -> bool {
    match answer::name(handler) {
        "subroute" => {
            let Some(Value::Array(steps)) = handler.get("steps") else { return true };
            handler.get("errors").is_some()
                || steps
                    .iter()
                    .filter_map(|step| step.get("handle").and_then(Value::as_array))
                    .flatten()
                    .any(may_rewrite)
        }
        "invoke" => true,
        _ => answer::rewrites(handler),
    }
}

/// Counts the routes of each group, also of those within handlers.
fn count_groups(value: &Value, groups: &mut HashMap<String, usize>, depth: usize) {
    if depth > 8 * DEEPEST {
        return;
    }
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(group)), true) = (fields.get("group"), fields.contains_key("handle")) {
                *groups.entry(group.clone()).or_default() += 1;
            }
            fields.values().for_each(|value| count_groups(value, groups, depth + 1));
        }
        Value::Array(items) => items.iter().for_each(|item| count_groups(item, groups, depth + 1)),
        _ => {}
    }
}

/// Gives groups the names 0, 1, 2 in the order in which they appear.
fn number_groups(value: &mut Value, known: &mut HashMap<String, usize>) {
    match value {
        Value::Object(fields) => {
            let is_step = fields.contains_key("terminal") && fields.contains_key("handle");
            for (key, value) in fields.iter_mut() {
                match value {
                    Value::String(group) if is_step && key == "group" => {
                        let next = known.len();
                        *value = (*known.entry(std::mem::take(group)).or_insert(next)).into();
                    }
                    _ => number_groups(value, known),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| number_groups(item, known)),
        _ => {}
    }
}

fn is_terminal(route: &Value) -> bool {
    route.get("terminal").and_then(Value::as_bool) == Some(true)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn sort(value: &mut Value) {
    if let Value::Array(items) = value {
        items.sort_by_cached_key(Value::to_string);
    }
}
