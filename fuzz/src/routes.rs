//! The route table of a Caddyfile or of Caddy's JSON, in every form.

use caddyctl_analysis::diff::Side;
use caddyctl_analysis::routes::{Route, Table, format, place};

use super::case::Case;
use super::output;

/// One side of a comparison, or the only one: Caddy's JSON, or a Caddyfile that compiles.
pub fn side(name: &str, text: &[u8], case: &Case) -> Option<Side> {
    match serde_json::from_slice(text) {
        Ok(config) => Some(Side::json(name, config)),
        Err(_) => Side::compiled(name, case.compile_text(text)),
    }
}

/// Lists the routes.
pub fn run(data: &[u8]) {
    let case = Case::of(data);
    let Some(side) = side("Caddyfile", case.text, &case) else { return };
    let table = Table::shown(side.tree(), &side.sources);
    for route in &table.routes {
        assert!(route.shadow.is_none_or(|by| by < table.routes.len()));
    }
    let at = |route: &Route| place(&side.sources, route.span);
    let places = format::Places { place: &at, editor: &|_| None };
    let json = format::json(&table, &side.sources);
    output::is_json(&json);
    output::hides_variables(&json, data);
    for report in [
        format::text(&table, &at, format::Look { width: Some(40), is_coloured: false }),
        format::markdown(&table, &at),
        format::html("Caddyfile", &table, places),
    ] {
        output::is_plain(&report);
        output::hides_variables(&report, data);
    }
}
