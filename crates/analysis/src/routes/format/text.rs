//! The table for a terminal or a file: a heading for each site, aligned columns.

use std::fmt::Write;

use super::super::{Route, Table};
use caddyctl_language::source::shown::{self, runner};

/// The table as text; `place` gives the location of a route, as `file:line`.
pub fn text(table: &Table, place: &dyn Fn(&Route) -> Option<String>) -> String {
    let mut out = String::new();
    for (site, routes) in super::by_site(table) {
        if !out.is_empty() {
            out.push('\n');
        }
        let lines: Vec<(String, String, String)> = routes
            .iter()
            .map(|(_, route)| {
                let shown = |text: &str| shown::line(text).into_owned();
                let at = place(route).unwrap_or_default();
                (shown(&super::matchers(route)), shown(&super::handler(route)), shown(&at))
            })
            .collect();
        let width = |column: fn(&(String, String, String)) -> &String, most: usize| {
            lines.iter().map(|line| column(line).chars().count()).max().unwrap_or(0).min(most)
        };
        let (matchers, handlers) = (width(|line| &line.0, 40), width(|line| &line.1, 60));
        let _ = writeln!(out, "{}", shown::line(&site));
        for ((m, h, at), (_, route)) in lines.iter().zip(&routes) {
            let line = format!("  {m:matchers$}  {h:handlers$}  {at}");
            let _ = writeln!(out, "{}", line.trim_end());
            if let Some(words) = super::shadowed(route, table, place) {
                let _ = writeln!(out, "  {:matchers$}  {}", "", shown::line(&words));
            }
        }
    }
    runner::disarmed(out.into()).into_owned()
}
