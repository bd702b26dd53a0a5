//! What came back, and whether it is what a check wants.

use super::{Check, Status};

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body, when somebody looks at it.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

/// Compares `answer` with what `check` wants; the error says what is different.
pub(super) fn judge(check: &Check, answer: &Answer) -> Result<(), String> {
    let status = answer.status;
    match &check.status {
        Some(Status::One(wanted)) if *wanted != status => {
            return Err(format!("status {status}, expected {wanted}"));
        }
        Some(Status::OneOf(all)) if !all.contains(&status) => {
            return Err(format!("status {status}, expected one of {all:?}"));
        }
        None if check.is_websocket() && status != 101 => {
            return Err(format!("status {status}, expected 101"));
        }
        None if status >= 400 => return Err(format!("status {status}")),
        _ => {}
    }
    if let Some(wanted) = &check.redirect
        && answer.header("Location") != wanted
    {
        return Err(format!("redirects to `{}`, expected `{wanted}`", answer.header("Location")));
    }
    for (name, wanted) in &check.expect_headers {
        let value = answer.header(name);
        if !value.contains(wanted.as_str()) {
            return Err(format!("header {name} is `{value}`, expected `{wanted}` in it"));
        }
    }
    match &check.contains {
        Some(wanted) if !String::from_utf8_lossy(&answer.body).contains(wanted.as_str()) => {
            Err(format!("the body does not contain `{wanted}`"))
        }
        _ => Ok(()),
    }
}
