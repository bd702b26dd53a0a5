//! The report as JSON, as `docs/diff.schema.json` describes it.

use serde::Serialize;
use serde_json::Value;

use super::unified::{Paint, unified};
use super::words;
use crate::diff::report::{AccessKind, Effect, HeaderChange, Report, RouteChange, Verdict};
use caddyctl_language::source::shown;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    old: &'a str,
    new: &'a str,
    verdict: Verdict,
    summary: String,
    access: Vec<AccessChange<'a>>,
    effects: &'a [Effect],
    routes: &'a [RouteChange],
    headers: &'a [HeaderChange],
    texts: Vec<Text<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incomplete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    traffic: Option<&'a Value>,
}

#[derive(Serialize)]
struct AccessChange<'a> {
    kind: AccessKind,
    message: String,
    #[serde(flatten)]
    route: &'a RouteChange,
}

#[derive(Serialize)]
struct Text<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
    unified: String,
}

/// The report as indented JSON, with what the requests of logs showed, if there are any.
pub fn json(report: &Report, traffic: Option<&Value>) -> String {
    let texts = report.texts.iter().map(|change| Text {
        old: change.old_name.as_deref(),
        new: change.new_name.as_deref(),
        unified: unified(change, Paint::Data),
    });
    let access = report.access.iter().map(|access| AccessChange {
        kind: access.kind,
        message: words::access(access),
        route: &access.route,
    });
    let document = Document {
        version: 1,
        old: &report.old,
        new: &report.new,
        verdict: report.verdict,
        summary: words::summary(report),
        access: access.collect(),
        effects: &report.effects,
        routes: &report.routes,
        headers: &report.headers,
        texts: texts.collect(),
        incomplete: report.is_incomplete,
        traffic,
    };
    serde_json::to_string_pretty(&document)
        .map(|text| shown::json(&text).into_owned() + "\n")
        .unwrap_or_default()
}
