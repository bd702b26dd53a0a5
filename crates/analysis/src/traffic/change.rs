//! How two answers to one request differ.

use super::undecided;
use crate::requests::{About, Answer, NoAnswer, Visit};

/// How two answers differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The client gets the same.
    Same,
    /// Not known: why.
    Undecided(String),
    /// The client gets something else: what, in words.
    Different(String),
}

/// Header fields whose values are not compared: they have the time, or follow from the body.
const IGNORED: [&str; 4] = ["Date", "Content-Length", "Last-Modified", "Etag"];

/// Compares two answers; the most important difference counts.
pub fn change(old: &Answer, new: &Answer) -> Change {
    if let Some(why) = undecided(old, false).or_else(|| undecided(new, false)) {
        return Change::Undecided(why);
    }
    if old.none != new.none {
        let words = |answer: &Answer| match answer.none {
            None => format!("status {}", answer.status),
            Some(NoAnswer::Refused) => "a refused connection".to_owned(),
            Some(NoAnswer::Handshake) => "a failed TLS handshake".to_owned(),
            Some(NoAnswer::Aborted) => "a closed connection".to_owned(),
        };
        return Change::Different(format!("{} instead of {}", words(new), words(old)));
    }
    if old.none.is_some() {
        return Change::Same;
    }
    let upstreams = |answer: &Answer| {
        let open = answer.undecided.iter().find(|open| open.about == About::Upstream);
        open.map(|open| open.what.clone())
    };
    let (before, after) = (source(old), source(new));
    match (upstreams(old), upstreams(new)) {
        (None, None) if before != after => {
            return Change::Different(format!("{after} instead of {before}"));
        }
        (first, second) if first != second => {
            let one = |open: Option<String>, source| open.unwrap_or(source);
            return Change::Different(format!("{} instead of {}", one(second, after), one(first, before)));
        }
        _ => {}
    }
    let is_upstream = old.is_upstream() && new.is_upstream();
    if old.status != new.status {
        return Change::Different(format!("status {} instead of {}", new.status, old.status));
    }
    if old.location() != new.location() {
        return Change::Different("a redirect to another address".to_owned());
    }
    if old.file != new.file {
        return Change::Different("another file".to_owned());
    }
    if !is_upstream && old.body != new.body {
        return Change::Different("another body".to_owned());
    }
    if let Some(name) = header(old, new) {
        return Change::Different(format!("another response header {name}"));
    }
    if old.visits.len() != new.visits.len() {
        return Change::Different("other requests to upstreams".to_owned());
    }
    let mut visits = old.visits.iter().zip(&new.visits);
    match visits.find_map(|(old, new)| visit(old, new)) {
        Some(what) => Change::Different(what),
        None => Change::Same,
    }
}

/// Who answers, in words.
fn source(answer: &Answer) -> String {
    match answer.answered_by.and_then(|number| answer.visits.get(number)) {
        Some(visit) => format!("the upstream {}", visit.address),
        None => "Caddy's own answer".to_owned(),
    }
}

fn header(old: &Answer, new: &Answer) -> Option<String> {
    let is_compared = |name: &str| !IGNORED.iter().any(|known| known.eq_ignore_ascii_case(name));
    let names = old.headers.iter().chain(new.headers.iter()).map(|(name, _)| name);
    let mut names = names.filter(|name| is_compared(name));
    names.find(|name| old.headers.values(name) != new.headers.values(name)).map(str::to_owned)
}

fn visit(old: &Visit, new: &Visit) -> Option<String> {
    if old.address != new.address {
        return Some(format!("a request to {} instead of {}", new.address, old.address));
    }
    if (&old.method, &old.target) != (&new.method, &new.target) {
        return Some(format!("another request target at {}", new.address));
    }
    if old.fastcgi != new.fastcgi {
        return Some(format!("other FastCGI parameters at {}", new.address));
    }
    let names = old.headers.iter().chain(new.headers.iter()).map(|(name, _)| name);
    let mut differing = names.filter(|name| old.headers.values(name) != new.headers.values(name));
    differing.next().map(|name| format!("another request header {name} at {}", new.address))
}
