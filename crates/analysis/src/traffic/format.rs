//! What traffic showed, in each form of output.

use serde_json::{Value, json as object};

use super::{Group, Key, Traffic};
use caddyctl_language::source::limits::grouped;
use caddyctl_language::source::shown::{line, markdown as safe};

/// How a report is made.
pub struct How<'a> {
    /// What the report is about, such as `Traffic`.
    pub title: &'a str,
    /// What differing requests are, such as `would be answered differently`.
    pub verb: &'a str,
    /// The place of the directives of a group, in words.
    pub at: &'a dyn Fn(&Key) -> String,
    /// Hides values of the environment.
    pub hide: &'a dyn Fn(&str) -> String,
}

fn number(count: u64) -> String {
    usize::try_from(count).map_or_else(|_| count.to_string(), grouped)
}

impl Traffic {
    /// The groups, those with most requests first.
    fn sorted(&self) -> Vec<(&Key, &Group)> {
        let mut all: Vec<_> = self.groups.iter().collect();
        all.sort_by(|(a, x), (b, y)| y.count.cmp(&x.count).then_with(|| a.cmp(b)));
        all
    }

    fn summary(&self, how: &How<'_>) -> String {
        format!("{} of {} {}", number(self.different), counted(self.requests, "request"), how.verb)
    }

    /// What the logs do not tell, a sentence each.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.undecided > 0 {
            notes.push(format!("{} not decided", were(self.undecided, "request")));
        }
        if self.redacted > 0 {
            notes.push(format!(
                "{} had headers that the log hides, which the model sees as `REDACTED`",
                counted(self.redacted, "request")
            ));
        }
        if self.malformed > 0 {
            notes.push(format!("{} skipped", were(self.malformed, "malformed line")));
        }
        if self.others > 0 {
            let noun = if self.others == 1 { "a request" } else { "requests" };
            notes.push(format!("{} not {noun}", were(self.others, "line")));
        }
        notes
    }
}

/// `1 request`, `2 requests`.
fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", number(count), if count == 1 { "" } else { "s" })
}

/// `1 request was`, `2 requests were`.
fn were(count: u64, what: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { "was" } else { "were" })
}

/// Lines for people, with samples.
pub fn text(traffic: &Traffic, how: &How<'_>) -> String {
    let mut out = format!("{}\n  {}\n", how.title, traffic.summary(how));
    for (key, group) in traffic.sorted() {
        let at = (how.at)(key);
        out += &format!("  {:>9}  {}  {}\n", number(group.count), line(&at), line(&(how.hide)(&key.what)));
        for sample in &group.samples {
            out += &format!("             {}\n", line(sample));
        }
    }
    for (why, count) in &traffic.reasons {
        out += &format!("  {:>9}  not decided: {}\n", number(*count), line(&(how.hide)(why)));
    }
    for note in traffic.notes() {
        out += &format!("  note: {note}\n");
    }
    out
}

/// Counts and routes in Markdown; no samples, because it may be public.
pub fn markdown(traffic: &Traffic, how: &How<'_>) -> String {
    let mut out = format!("\n#### {}\n\n{}.\n", how.title, traffic.summary(how));
    if !traffic.groups.is_empty() {
        out += "\n| requests | what | location |\n| --- | --- | --- |\n";
        for (key, group) in traffic.sorted() {
            out += &format!(
                "| {} | {} | {} |\n",
                number(group.count),
                safe::cell_code(&(how.hide)(&key.what)),
                safe::cell_code(&(how.at)(key))
            );
        }
    }
    for note in traffic.notes() {
        out += &format!("\n{note}.\n");
    }
    out
}

/// A notice for GitHub, without samples.
pub fn github(traffic: &Traffic, how: &How<'_>) -> String {
    format!("::notice title={}::{}\n", how.title, traffic.summary(how))
}

/// A JSON object.
pub fn json(traffic: &Traffic, how: &How<'_>) -> Value {
    let groups = traffic.sorted().into_iter().map(|(key, group)| {
        object!({
            "requests": group.count,
            "what": (how.hide)(&key.what),
            "place": (how.at)(key),
            "samples": group.samples,
        })
    });
    let reasons =
        traffic.reasons.iter().map(|(why, count)| object!({ "requests": count, "why": (how.hide)(why) }));
    object!({
        "requests": traffic.requests,
        "different": traffic.different,
        "undecided": traffic.undecided,
        "redacted": traffic.redacted,
        "malformed": traffic.malformed,
        "others": traffic.others,
        "groups": groups.collect::<Vec<_>>(),
        "reasons": reasons.collect::<Vec<_>>(),
    })
}
