//! An answer for people: the routes in order, what each handler did, and the end.

use caddyctl_language::source::shown::line;

use crate::requests::answer::Answer;
use crate::requests::listen::NoAnswer;
use crate::requests::notes::Step;
use crate::requests::program::Place;
use crate::requests::status;
use crate::requests::text::shown;

/// How an answer is shown.
pub struct Text<'a> {
    /// The request in words.
    pub request: String,
    /// The file and line of a place.
    pub at: &'a dyn Fn(&Place) -> Option<(String, usize)>,
    /// Whether routes that were passed over are shown too.
    pub all: bool,
}

/// The answer as lines of text.
pub fn text(answer: &Answer, how: &Text<'_>) -> String {
    let mut out = format!("{}\n", safe(&how.request));
    let place = |place: &Place| match (how.at)(place) {
        Some((file, number)) => format!("{file}:{number}"),
        None if place.pointer.is_empty() => "added by Caddy".to_owned(),
        None => place.pointer.clone(),
    };
    for step in &answer.steps {
        match step {
            Step::Route { matched: false, .. } if !how.all => {}
            Step::Route { place: at, matched, why, depth } => {
                let verb = if *matched { "takes" } else { "skips" };
                let indent = "  ".repeat(depth + 1);
                out += &format!("{indent}{}: route {verb} the request: {}\n", safe(&place(at)), safe(why));
            }
            Step::Handler { place: at, what, depth } => {
                let indent = "  ".repeat(depth + 2);
                out += &format!("{indent}{}: {}\n", safe(&place(at)), safe(what));
            }
            Step::Raised { what } => out += &format!("  {}\n", safe(what)),
        }
    }
    out += &end(answer);
    if let Some(at) = answer.place.as_ref() {
        out += &format!("  written by {}\n", safe(&place(at)));
    }
    for (name, values) in answer.headers.iter() {
        for value in values {
            out += &format!("  {}: {}\n", safe(name), safe(value));
        }
    }
    match &answer.body {
        Some(body) if body.is_empty() => {}
        Some(body) => {
            for part in shown(body).lines() {
                out += &format!("  | {}\n", line(part));
            }
        }
        None if answer.none.is_some() || answer.unknown.is_some() => {}
        None if answer.is_upstream() => out += "  | (the body of the upstream)\n",
        None => out += "  | (a body that is not computed)\n",
    }
    for visit in &answer.visits {
        out +=
            &format!("upstream {}: {} {}\n", safe(&visit.address), safe(&visit.method), safe(&visit.target));
        for (name, values) in visit.headers.iter() {
            for value in values {
                out += &format!("  {}: {}\n", safe(name), safe(value));
            }
        }
    }
    for one in &answer.undecided {
        out += &format!("undecided: {}\n", safe(&one.what));
    }
    out
}

fn end(answer: &Answer) -> String {
    if let Some(what) = &answer.unknown {
        return format!("not decided: {}\n", safe(what));
    }
    match answer.none {
        Some(NoAnswer::Refused) => "no answer: nothing listens there\n".to_owned(),
        Some(NoAnswer::Handshake) => "no answer: the TLS handshake fails\n".to_owned(),
        Some(NoAnswer::Aborted) => "no answer: Caddy closes the connection\n".to_owned(),
        None => {
            format!("answer {} {}", answer.status, status::text(answer.status)).trim_end().to_owned() + "\n"
        }
    }
}

fn safe(text: &str) -> String {
    line(&shown(text)).into_owned()
}
