//! The table for a terminal or a file: a heading for each site, aligned columns.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::super::{Route, Table};
use caddyctl_language::source::shown::{self, runner};

/// What the table is written to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    /// How many columns a line may have; without it, lines have the length that they need.
    pub width: Option<usize>,
    /// Whether headings are bold, and places and notes are dimmed.
    pub is_coloured: bool,
}

/// A route in words: matchers, handler, place, and why it is never reached.
struct Row {
    matchers: String,
    handler: String,
    place: String,
    shadowed: Option<String>,
}

/// The table as text; `place` gives the location of a route, as `file:line`.
///
/// A site whose columns are wider than [`Look::width`] is written with one item a line, broken between words.
pub fn text(table: &Table, place: &dyn Fn(&Route) -> Option<String>, look: Look) -> String {
    let mut out = String::new();
    for (site, routes) in super::by_site(table) {
        if !out.is_empty() {
            out.push('\n');
        }
        let shown = |text: &str| shown::line(text).into_owned();
        let rows: Vec<Row> = routes
            .iter()
            .map(|(_, route)| Row {
                matchers: shown(&super::matchers(route)),
                handler: shown(&super::handler(route)),
                place: shown(&place(route).unwrap_or_default()),
                shadowed: super::shadowed(route, table, place).map(|words| shown(&words)),
            })
            .collect();
        let _ = writeln!(out, "{}", look.bold(&shown::line(&site)));
        let lines = columns(&rows, look);
        match look.width.filter(|width| lines.iter().any(|(plain, _)| plain.width() > *width)) {
            Some(width) => stacked(&mut out, &rows, width, look),
            None => lines.iter().for_each(|(_, line)| out += &format!("{line}\n")),
        }
    }
    runner::disarmed(out.into()).into_owned()
}

/// The lines of a site in columns, each plain and coloured.
fn columns(rows: &[Row], look: Look) -> Vec<(String, String)> {
    let width = |column: fn(&Row) -> &String, most: usize| {
        rows.iter().map(|row| column(row).width()).max().unwrap_or(0).min(most)
    };
    let (matchers, handlers) = (width(|row| &row.matchers, 40), width(|row| &row.handler, 60));
    let padded = |text: &str, to: usize| format!("{text}{}", " ".repeat(to.saturating_sub(text.width())));
    let mut lines = Vec::new();
    for row in rows {
        let start = format!("  {}  {}", padded(&row.matchers, matchers), padded(&row.handler, handlers));
        let plain = format!("{start}  {}", row.place).trim_end().to_owned();
        let place = if row.place.is_empty() { String::new() } else { look.dim(&row.place) };
        let styled = format!("{start}  {place}").trim_end().to_owned();
        lines.push((plain, styled));
        if let Some(words) = &row.shadowed {
            let start = format!("  {}  ", " ".repeat(matchers));
            lines.push((format!("{start}{words}"), format!("{start}{}", look.dim(words))));
        }
    }
    lines
}

/// The lines of a site that is too wide for columns.
fn stacked(out: &mut String, rows: &[Row], width: usize, look: Look) {
    for row in rows {
        let _ = writeln!(out, "  {}", shown::broken(&row.matchers, (2, 4), width));
        let _ = writeln!(out, "    {}", shown::broken(&row.handler, (4, 6), width));
        for text in [&row.place].into_iter().chain(&row.shadowed).filter(|text| !text.is_empty()) {
            let _ = writeln!(out, "    {}", look.dim(&shown::broken(text, (4, 4), width)));
        }
    }
}

impl Look {
    fn bold(self, text: &str) -> String {
        self.painted("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.painted("2", text)
    }

    fn painted(self, code: &str, text: &str) -> String {
        if self.is_coloured { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |matchers: &str, handler: &str, place: &str| Row {
            matchers: matchers.to_owned(),
            handler: handler.to_owned(),
            place: place.to_owned(),
            shadowed: None,
        };
        vec![
            row("/api/*, not /api/v1/*", "reverse_proxy localhost:8080 localhost:8081", "Caddyfile:3"),
            row("*", "file_server /srv", "sites/a.caddy:12"),
        ]
    }

    #[test]
    fn columns_are_as_wide_as_their_longest_text() {
        let lines: Vec<String> =
            columns(&rows(), Look::default()).into_iter().map(|(_, line)| line).collect();
        assert_eq!(
            lines,
            [
                "  /api/*, not /api/v1/*  reverse_proxy localhost:8080 localhost:8081  Caddyfile:3",
                "  *                      file_server /srv                             sites/a.caddy:12",
            ]
        );
    }

    #[test]
    fn a_narrow_terminal_gets_one_item_a_line() {
        let mut out = String::new();
        stacked(&mut out, &rows(), 36, Look { width: Some(36), is_coloured: false });
        assert_eq!(
            out,
            "  /api/*, not /api/v1/*\n    reverse_proxy localhost:8080\n      localhost:8081\n    Caddyfile:3\n  \
             *\n    file_server /srv\n    sites/a.caddy:12\n"
        );
        assert!(out.lines().all(|line| line.width() <= 36), "{out}");
    }
}
