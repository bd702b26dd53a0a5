//! The table as Markdown, one table a site.

use std::fmt::Write;

use super::super::{Route, Table};

/// The table as Markdown; `place` tells where a route stands, as `file:line`.
pub fn markdown(table: &Table, place: &dyn Fn(&Route) -> Option<String>) -> String {
    let mut out = String::new();
    for (site, routes) in super::by_site(table) {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "### {}\n\n| matchers | handler | place |\n| --- | --- | --- |", cell(&site));
        for (_, route) in routes {
            let mut handler = code(&super::handler(route));
            if let Some(words) = super::shadowed(route, table, place) {
                let _ = write!(handler, "<br>**{}**", cell(&words));
            }
            let at = place(route).map(|place| cell(&place)).unwrap_or_default();
            let _ = writeln!(out, "| {} | {handler} | {at} |", code(&super::matchers(route)));
        }
    }
    out
}

/// `text` as code within a table cell.
pub fn code(text: &str) -> String {
    let fence = if text.contains('`') { "``" } else { "`" };
    let pad = if text.contains('`') { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|").replace(['\r', '\n'], " "))
}

/// `text` within a table cell, with Markdown's own signs made plain.
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\r' | '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
