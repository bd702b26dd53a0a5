//! Annotations for GitHub Actions: one workflow command for each finding, at the line that causes it.

use std::fmt::Write;

use super::words;
use crate::diff::report::{Change, EffectKind, Place, Report, RouteChange, Verdict};
use caddyctl_language::source::shown::{self, runner};

/// The report as workflow commands. Findings without a place go to the log as notices.
pub fn github(report: &Report) -> String {
    let mut out = String::new();
    if report.verdict != Verdict::Different {
        command(&mut out, "notice", None, "Caddy", &words::summary(report));
        return out;
    }
    for access in &report.access {
        let level = if access.route.change == Change::Added { "notice" } else { "warning" };
        let title = format!("Caddy access control {}", words::change(access.route.change));
        route(&mut out, level, &title, &access.route, &words::access(access));
    }
    for effect in &report.effects {
        let level = match effect.kind {
            _ if effect.needs.is_some() => "warning",
            EffectKind::Streams => "notice",
            _ if effect.change == Change::Removed => "warning",
            _ => "notice",
        };
        let title = format!("Caddy {}", words::effect_kind(effect.kind));
        command(&mut out, level, effect.new_place.as_ref(), &title, &shown::line(&words::effect(effect)));
    }
    for route in &report.routes {
        let level =
            if matches!(route.change, Change::Unreachable | Change::Removed) { "warning" } else { "notice" };
        let title = format!("Caddy route {}", words::change(route.change));
        self::route(&mut out, level, &title, route, &words::handlers(route));
    }
    for header in &report.headers {
        let level = if header.security && header.change != Change::Added { "warning" } else { "notice" };
        let title = format!("Caddy header {}", words::change(header.change));
        let who = format!("{} {}", words::sites(&header.sites, 5), header.matchers);
        let message = format!("{}: {}", who.trim_end(), words::header(header));
        let mut message = shown::line(&message).into_owned();
        if let Some(note) = &header.note {
            message.push('\n');
            message.push_str(&shown::line(note));
        }
        command(&mut out, level, header.new_place.as_ref(), &title, &message);
    }
    out
}

/// A route, with what became of it.
fn route(out: &mut String, level: &str, title: &str, route: &RouteChange, what: &str) {
    let who = format!("{} {}", words::sites(&route.sites, 5), words::matchers(route));
    let message = format!("{}: {what}", who.trim_end());
    let mut message = shown::line(&message).into_owned();
    for more in route.fields.iter().map(words::field).chain(route.note.clone()) {
        message.push('\n');
        message.push_str(&shown::line(&more));
    }
    command(out, level, route.new_place.as_ref(), title, &message);
}

fn command(out: &mut String, level: &str, place: Option<&Place>, title: &str, message: &str) {
    let _ = write!(out, "::{level} ");
    if let Some(place) = place {
        let file = place.file.trim_start_matches("./");
        let _ = write!(
            out,
            "file={},line={},col={},",
            runner::github_property(&shown::line(file)),
            place.line,
            place.column
        );
    }
    let _ = writeln!(out, "title={}::{}", runner::github_property(title), runner::github_data(message));
}
