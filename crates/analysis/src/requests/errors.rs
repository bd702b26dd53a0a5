//! Errors as routes for errors see them.

use super::notes::Step;
use super::state::{Raised, State};
use super::status;
use super::value::Value;

/// Keeps what is known of an error as placeholders; gives its status.
pub(super) fn keep(state: &mut State<'_>, raised: &Raised) -> i64 {
    match raised {
        Raised::Http { status, message } => {
            state.error = Some(*status);
            // It begins with a random identifier.
            state.set("http.error", "{http.error}");
            state.set("http.error.status_code", Value::Int(*status));
            state.set("http.error.status_text", status::text(*status));
            state.set("http.error.message", message.as_str());
            state.set("http.error.id", "{http.error.id}");
            state.set("http.error.trace", "{http.error.trace}");
            *status
        }
        Raised::Plain(message) => {
            state.error = Some(0);
            state.set("http.error", message.as_str());
            500
        }
        Raised::Abort | Raised::Unknown(_) => 0,
    }
}

/// Notes an error, if steps are kept.
pub(super) fn tell(state: &mut State<'_>, raised: &Raised) {
    if !state.notes.is_on {
        return;
    }
    let what = match raised {
        Raised::Http { status, message } if message.is_empty() => format!("error {status}"),
        Raised::Http { status, message } => format!("error {status}: {message}"),
        Raised::Plain(message) => format!("error without status: {message}"),
        Raised::Abort | Raised::Unknown(_) => return,
    };
    state.notes.steps.push(Step::Raised { what });
}
