//! `respond`, `redir`, `abort` and `error`.

use crate::requests::flow::Flow;
use crate::requests::program::Respond;
use crate::requests::state::{Raised, State};
use caddyctl_language::go::canonical_header;

/// Answers as the configuration says.
pub(in crate::requests) fn respond<'p>(
    state: &mut State<'p>,
    config: &'p Respond,
) -> Result<Flow<'p>, Raised> {
    if config.abort {
        return Err(Raised::Abort);
    }
    if config.close {
        state.headers.set("Connection", "close");
    }
    for (name, values) in &config.headers {
        let name = canonical_header(&state.fill(name));
        let values = values.iter().map(|value| state.fill(value).into_owned()).collect();
        state.headers.put(&name, values);
    }
    let body = state.fill_known(&config.body).into_owned();
    if state.headers.first("Content-Type").is_empty() {
        if body.is_empty() {
            state.headers.put("Content-Type", Vec::new());
        } else {
            let kind = if is_json(&body) { "application/json" } else { "text/plain; charset=utf-8" };
            state.headers.set("Content-Type", kind);
        }
    }
    let mut status = state.error.filter(|status| *status > 0).unwrap_or(200);
    if !config.status.is_empty() {
        let text = state.fill(&config.status);
        status = number(&text)?;
    }
    state.write_header(status)?;
    if status == 103 {
        return Ok(Flow::Next);
    }
    if !body.is_empty() {
        state.write_text(&body)?;
    }
    let (place, status) = (state.current, status);
    if let Some(place) = place {
        let location = state.headers.first("Location").to_owned();
        state.notes.did(place, || match location.as_str() {
            "" => format!("answers {status}"),
            to => format!("answers {status} and sends the client to {to}"),
        });
    }
    Ok(Flow::Done)
}

/// Raises the error that the configuration says.
pub(in crate::requests) fn error(state: &State<'_>, status: &str, message: &str) -> Raised {
    let mut code = 500;
    if !status.is_empty() {
        match number(&state.fill(status)) {
            Ok(number) => code = number,
            Err(raised) => return raised,
        }
    }
    Raised::with(code, state.fill_known(message))
}

/// A status code as Go's `strconv.Atoi` reads it.
pub(in crate::requests) fn number(text: &str) -> Result<i64, Raised> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sound = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.strip_prefix('+').unwrap_or(text).parse() {
        Ok(number) if sound => Ok(number),
        _ => Err(Raised::with(500, format!("strconv.Atoi: parsing {text:?}: invalid syntax"))),
    }
}

fn is_json(body: &str) -> bool {
    let text = body.trim();
    let is_bracketed = |open, close| text.starts_with(open) && text.ends_with(close);
    text.len() > 2
        && (is_bracketed('{', '}') || is_bracketed('[', ']'))
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
