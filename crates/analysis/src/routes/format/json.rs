//! The table as JSON.

use serde::Serialize;

use super::super::Table;
use crate::routes::server::Phase;
use caddyctl_language::source::{Sources, Span, shown};
use caddyctl_language::spec::Answer;

/// One route, as the JSON has it.
#[derive(Serialize)]
struct Line<'a> {
    order: usize,
    sites: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    on_errors: bool,
    matchers: &'a str,
    handler: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    what: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    upstreams: &'a [String],
    answers: &'static str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    pointer: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shadowed_by: Option<usize>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

/// The table as indented JSON: a list of routes in the order in which Caddy tries them.
pub fn json(table: &Table, sources: &Sources) -> String {
    let place = |span: Span| {
        let position = sources.position(span);
        Place { file: sources.file(span.file).name(), line: position.line, column: position.column }
    };
    let lines: Vec<Line> = table
        .routes
        .iter()
        .enumerate()
        .map(|(order, route)| Line {
            order,
            sites: route.sites.iter().map(ToString::to_string).collect(),
            on_errors: route.phase == Phase::Error,
            matchers: &route.matchers,
            handler: &route.directive,
            what: &route.what,
            upstreams: &route.upstreams,
            answers: match route.ends {
                Answer::Always => "always",
                Answer::Sometimes => "sometimes",
                Answer::Never => "never",
            },
            place: route.span.map(place),
            pointer: &route.pointer,
            shadowed_by: route.shadow,
        })
        .collect();
    serde_json::to_string_pretty(&lines)
        .map(|text| shown::json(&text).into_owned() + "\n")
        .unwrap_or_default()
}
