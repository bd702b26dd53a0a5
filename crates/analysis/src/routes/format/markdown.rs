//! The table as Markdown, one table a site.

use std::fmt::Write;

use super::super::{Route, Table};
use caddyctl_language::source::shown::markdown::{cell_code, prose};
use caddyctl_language::source::shown::runner;

/// The table as Markdown; `place` gives the location of a route, as `file:line`.
pub fn markdown(table: &Table, place: &dyn Fn(&Route) -> Option<String>) -> String {
    let mut out = String::new();
    for (site, routes) in super::by_site(table) {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "### {}\n\n| matchers | handler | place |\n| --- | --- | --- |", prose(&site));
        for (_, route) in routes {
            let mut handler = cell_code(&super::handler(route));
            if let Some(words) = super::shadowed(route, table, place) {
                let _ = write!(handler, "<br>**{}**", prose(&words));
            }
            let at = place(route).map(|place| prose(&place)).unwrap_or_default();
            let _ = writeln!(out, "| {} | {handler} | {at} |", cell_code(&super::matchers(route)));
        }
    }
    runner::disarmed(out.into()).into_owned()
}
