//! The report for a terminal or a log.

use std::fmt::Write;

use super::unified::{Paint, unified};
use super::words;
use crate::diff::report::{Change, Report, RouteChange, Verdict};
use caddyctl_language::source::shown::{self, runner};

/// The report as text, meaning first, then the unified diff.
pub fn text(report: &Report, paint: Paint) -> String {
    let mut out = Out { text: String::new(), paint };
    if report.verdict == Verdict::Same {
        return "no difference\n".to_owned();
    }
    let _ = writeln!(out.text, "{}", words::summary(report));
    if !report.access.is_empty() {
        out.heading("Access control");
        for access in &report.access {
            out.route(&access.route, &words::access(access));
        }
    }
    if !report.effects.is_empty() {
        out.heading("Effects");
        for effect in &report.effects {
            let place = words::place(effect.old_place.as_ref(), effect.new_place.as_ref());
            out.line(effect.change, &words::effect(effect), place.map(words::at));
            if effect.sites.len() > 1 {
                out.more(&words::sites(&effect.sites, 10));
            }
        }
    }
    if !report.routes.is_empty() {
        out.heading("Routes");
        for route in &report.routes {
            out.route(route, &words::handlers(route));
        }
    }
    if !report.headers.is_empty() {
        out.heading("Headers");
        for header in &report.headers {
            let place = words::place(header.old_place.as_ref(), header.new_place.as_ref());
            let security = if header.security { " [security]" } else { "" };
            let who = words::who(&header.sites, &header.matchers);
            let line = format!("{who}: {}{security}", words::header(header));
            out.line(header.change, &line, place.map(words::at));
            if header.sites.len() > 1 {
                out.more(&format!("reaches {}", words::sites(&header.sites, 10)));
            }
            if let Some(note) = &header.note {
                out.more(note);
            }
        }
    }
    if !report.texts.is_empty() {
        out.heading("Text");
        for change in &report.texts {
            out.text.push_str(&unified(change, paint));
        }
    }
    runner::disarmed(out.text.into()).into_owned()
}

struct Out {
    text: String,
    paint: Paint,
}

impl Out {
    fn painted(&self, code: &str, text: &str) -> String {
        match self.paint {
            Paint::Plain | Paint::Data => text.to_owned(),
            Paint::Terminal => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }

    fn heading(&mut self, name: &str) {
        let name = self.painted("1", name);
        let _ = writeln!(self.text, "\n{name}");
    }

    fn line(&mut self, change: Change, words: &str, place: Option<String>) {
        let code = match change {
            Change::Added | Change::Reachable => "32",
            Change::Removed | Change::Unreachable => "31",
            Change::Changed | Change::Moved => "33",
        };
        let words = self.painted(code, &format!("{} {}", words::sign(change), shown::line(words)));
        let place =
            place.map(|place| self.painted("2", &format!("  {}", shown::line(&place)))).unwrap_or_default();
        let _ = writeln!(self.text, "  {words}{place}");
    }

    /// A route, with what became of it.
    fn route(&mut self, route: &RouteChange, what: &str) {
        let place = words::place(route.old_place.as_ref(), route.new_place.as_ref());
        let who = words::who(&route.sites, &words::matchers(route));
        self.line(route.change, &format!("{who}: {what}"), place.map(words::at));
        if route.sites.len() > 1 {
            self.more(&format!("reaches {}", words::sites(&route.sites, 10)));
        }
        for field in &route.fields {
            self.more(&words::field(field));
        }
        if let Some(note) = &route.note {
            self.more(note);
        }
    }

    fn more(&mut self, words: &str) {
        let _ = writeln!(self.text, "      {}", shown::line(words));
    }
}
