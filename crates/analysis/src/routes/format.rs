//! The route table as text, Markdown, JSON, and a page with a map.

mod html;
mod json;
mod map;
mod markdown;
mod text;

pub use html::{Places, html};
pub use json::json;
pub use markdown::markdown;
pub use text::{Look, text};

use super::{Route, Table};
use crate::routes::server::Phase;

/// The routes that belong to the same sites, with their numbers in the table.
fn by_site(table: &Table) -> Vec<(String, Vec<(usize, &Route)>)> {
    let mut groups: Vec<(String, Vec<(usize, &Route)>)> = Vec::new();
    let mut last = None;
    for (number, route) in table.routes.iter().enumerate() {
        if last != Some(&route.sites) {
            let names: Vec<String> = route.sites.iter().map(ToString::to_string).collect();
            groups.push((names.join(", "), Vec::new()));
            last = Some(&route.sites);
        }
        if let Some((_, routes)) = groups.last_mut() {
            routes.push((number, route));
        }
    }
    groups
}

/// The matchers of a route, marked when it runs for errors only.
fn matchers(route: &Route) -> String {
    match route.phase {
        Phase::Request => route.matchers.clone(),
        Phase::Error => format!("on errors: {}", route.matchers),
    }
}

/// Directive and what it does.
fn handler(route: &Route) -> String {
    if route.what.is_empty() {
        route.directive.clone()
    } else {
        format!("{} {}", route.directive, route.what)
    }
}

/// What is reported about a route that no request reaches: the line of the one before it.
fn shadowed(route: &Route, table: &Table, place: &dyn Fn(&Route) -> Option<String>) -> Option<String> {
    let by = table.routes.get(route.shadow?)?;
    let at = place(by).map(|place| format!(" at {place}")).unwrap_or_default();
    Some(format!("never reached: {} {}{at} takes its requests", by.matchers, handler(by)))
}
