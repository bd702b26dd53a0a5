//! An answer as JSON.

use serde_json::{Map, Value};

use crate::requests::answer::Answer;
use crate::requests::fields::Fields;
use crate::requests::listen::NoAnswer;
use crate::requests::program::Place;
use crate::requests::state::Visit;
use crate::requests::text::shown;

/// An answer as JSON. `at` gives the file and line of a place.
pub fn json(answer: &Answer, at: &dyn Fn(&Place) -> Option<(String, usize)>) -> Value {
    let mut out = Map::new();
    out.insert("status".to_owned(), answer.status.into());
    out.insert("location".to_owned(), answer.location().map(|text| shown(text).into_owned()).into());
    out.insert("response_headers".to_owned(), fields(&answer.headers));
    let body = answer.body.as_ref().filter(|_| answer.none.is_none() && answer.unknown.is_none());
    out.insert("body".to_owned(), body.map(|text| shown(text).into_owned()).into());
    let by = match (answer.none, answer.answered_by) {
        (Some(_), _) => "none",
        (None, Some(_)) => "upstream",
        (None, None) => "caddy",
    };
    out.insert("answered_by".to_owned(), by.into());
    let upstream = answer.answered_by.and_then(|number| answer.visits.get(number)).map(visit);
    out.insert("upstream".to_owned(), upstream.into());
    if answer.visits.len() > 1 || (answer.visits.len() == 1 && answer.answered_by.is_none()) {
        out.insert("visits".to_owned(), answer.visits.iter().map(visit).collect());
    }
    if let Some(file) = answer.file.as_ref().filter(|_| answer.none.is_none()) {
        out.insert("file".to_owned(), shown(file).into_owned().into());
    }
    if let Some((file, line)) = answer.place.as_ref().and_then(at) {
        out.insert("route".to_owned(), serde_json::json!({ "file": file, "line": line }));
    }
    match answer.none {
        Some(NoAnswer::Refused) => drop(out.insert("refused".to_owned(), true.into())),
        Some(NoAnswer::Handshake) => drop(out.insert("tls_error".to_owned(), true.into())),
        Some(NoAnswer::Aborted) => drop(out.insert("aborted".to_owned(), true.into())),
        None => {}
    }
    if answer.is_truncated {
        out.insert("truncated".to_owned(), true.into());
    }
    if !answer.undecided.is_empty() {
        let all = answer.undecided.iter().map(|one| Value::from(one.what.as_str()));
        out.insert("undecided".to_owned(), all.collect());
    }
    if let Some(what) = &answer.unknown {
        out.insert("not_modelled".to_owned(), what.as_str().into());
    }
    Value::Object(out)
}

fn fields(fields: &Fields) -> Value {
    let pair = |(name, values): (&str, &[String])| {
        (
            shown(name).into_owned(),
            values.iter().map(|value| Value::from(shown(value).into_owned())).collect(),
        )
    };
    Value::Object(fields.iter().map(pair).collect())
}

fn visit(visit: &Visit) -> Value {
    let mut out = Map::new();
    out.insert("address".to_owned(), shown(&visit.address).into_owned().into());
    out.insert("protocol".to_owned(), if visit.fastcgi.is_some() { "fastcgi" } else { "http" }.into());
    out.insert("method".to_owned(), shown(&visit.method).into_owned().into());
    out.insert("target".to_owned(), shown(&visit.target).into_owned().into());
    out.insert("headers".to_owned(), fields(&visit.headers));
    if let Some(parameters) = &visit.fastcgi {
        let pairs =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), shown(value).into_owned().into()));
        out.insert("fastcgi".to_owned(), Value::Object(pairs.collect()));
    }
    Value::Object(out)
}
