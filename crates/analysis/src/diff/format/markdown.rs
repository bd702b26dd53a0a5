//! The report as a pull-request comment: a summary table, details folded.

use std::fmt::Write;

use super::unified::{Paint, unified};
use super::words;
use crate::diff::report::{Place, Report, RouteChange, Verdict};
use caddyctl_language::source::shown::markdown::{block, cell_code, code, html_code, prose};
use caddyctl_language::source::shown::runner;

/// A comment longer than this is refused by code hosts; the text diff gives way first.
const LONGEST: usize = 60_000;

/// The report as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("### Caddy: {}\n", prose(&words::summary(report)));
    if report.verdict == Verdict::Same {
        return out;
    }
    if report.verdict == Verdict::Different {
        out.push_str("\n| | site | what | place |\n| --- | --- | --- | --- |\n");
        for access in &report.access {
            let kind = format!("**access control** {}", words::change(access.route.change));
            route(&mut out, &kind, &access.route, &words::access(access));
        }
        for effect in &report.effects {
            let place = words::place(effect.old_place.as_ref(), effect.new_place.as_ref());
            let sites = if effect.sites.len() > 1 { words::sites(&effect.sites, 3) } else { String::new() };
            row(&mut out, words::effect_kind(effect.kind), &sites, &prose(&words::effect(effect)), place);
        }
        for route in &report.routes {
            let kind = format!("route {}", words::change(route.change));
            self::route(&mut out, &kind, route, &words::handlers(route));
        }
        for header in &report.headers {
            let place = words::place(header.old_place.as_ref(), header.new_place.as_ref());
            let kind = if header.security { "**security header**" } else { "header" };
            let mut what = matched(&header.matchers, &words::header(header));
            if let Some(note) = &header.note {
                let _ = write!(what, "<br>{}", prose(note));
            }
            let kind = format!("{kind} {}", words::change(header.change));
            row(&mut out, &kind, &words::sites(&header.sites, 3), &what, place);
        }
        folded_sites(&mut out, report);
    }
    let mut diff: String = report.texts.iter().map(|change| unified(change, Paint::Plain)).collect();
    if out.len() + diff.len() > LONGEST {
        diff = format!("{} files differ; the text is too long for a comment\n", report.texts.len());
    }
    if !diff.is_empty() {
        let _ =
            write!(out, "\n<details>\n<summary>Text</summary>\n\n{}\n\n</details>\n", block("diff", &diff));
    }
    runner::disarmed(out.into()).into_owned()
}

/// Which requests, and what becomes of them.
fn matched(matchers: &str, what: &str) -> String {
    if matchers.is_empty() {
        cell_code(what)
    } else {
        format!("{}: {}", cell_code(matchers), cell_code(what))
    }
}

/// A route, with what became of it.
fn route(out: &mut String, kind: &str, route: &RouteChange, what: &str) {
    let place = words::place(route.old_place.as_ref(), route.new_place.as_ref());
    let mut what = matched(&words::matchers(route), what);
    for more in route.fields.iter().map(words::field).chain(route.note.clone()) {
        let _ = write!(what, "<br>{}", prose(&more));
    }
    row(out, kind, &words::sites(&route.sites, 3), &what, place);
}

fn row(out: &mut String, kind: &str, sites: &str, what: &str, place: Option<&Place>) {
    let place = place.map(|place| cell_code(&words::at(place))).unwrap_or_default();
    let _ = writeln!(out, "| {kind} | {} | {what} | {place} |", prose(sites));
}

/// All names where the table has room for three.
fn folded_sites(out: &mut String, report: &Report) {
    let lists =
        report
            .effects
            .iter()
            .map(|effect| (words::effect(effect), &effect.sites))
            .chain(report.access.iter().map(|access| &access.route).chain(&report.routes).map(|route| {
                (format!("{} {}", words::matchers(route), words::handlers(route)), &route.sites)
            }))
            .chain(report.headers.iter().map(|header| (words::header(header), &header.sites)));
    for (what, sites) in lists.filter(|(_, sites)| sites.len() > 3) {
        let _ = write!(
            out,
            "\n<details>\n<summary>{} sites: {}</summary>\n\n{}\n\n</details>\n",
            sites.len(),
            html_code(&what),
            sites.iter().map(|site| code(site)).collect::<Vec<_>>().join(", ")
        );
    }
}
