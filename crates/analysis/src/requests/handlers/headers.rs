//! `header` and `request_header`.

use crate::requests::flow::Flow;
use crate::requests::layers::Layer;
use crate::requests::notes::About;
use crate::requests::operations::response_matches;
use crate::requests::program::{Headers, Operations};
use crate::requests::state::State;

/// Changes the header fields of the request, and those of the response now or when it is written.
pub(in crate::requests) fn serve<'p>(state: &mut State<'p>, config: &'p Headers) -> Flow<'p> {
    if let Some(operations) = &config.request {
        // Placeholders see the request as it was.
        let (mut headers, mut host) = (state.request.headers.clone(), state.request.host.clone());
        state.apply_to_request(operations, &mut headers, &mut host);
        (state.request.headers, state.request.host) = (headers, host);
        tell(state, operations, "request");
    }
    let Some(operations) = &config.response else { return Flow::Next };
    tell(state, operations, if config.is_deferred { "response, when it is written" } else { "response" });
    if config.is_deferred || config.require.is_some() {
        let require = config.require.as_ref();
        state.layers.push(Layer::Headers { operations, require, is_done: false });
        return Flow::Wrap;
    }
    if config.require.as_ref().is_none_or(|require| response_matches(require, 0, &state.headers)) {
        let mut headers = state.headers.clone();
        state.apply(operations, &mut headers);
        state.headers = headers;
    }
    Flow::Next
}

fn tell(state: &mut State<'_>, operations: &Operations, whose: &str) {
    if operations.is_tangled {
        state.notes.undecided(
            About::Content,
            "either: a header field reads another one that the same handler changes, and Caddy does that in any order",
        );
    }
    let Some(place) = state.current else { return };
    state.notes.did(place, || {
        let mut parts = Vec::new();
        let names = |list: &[(String, Vec<String>)]| {
            list.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
        };
        if !operations.add.is_empty() {
            parts.push(format!("adds {}", names(&operations.add)));
        }
        if !operations.set.is_empty() {
            parts.push(format!("sets {}", names(&operations.set)));
        }
        if !operations.delete.is_empty() {
            parts.push(format!("deletes {}", operations.delete.join(", ")));
        }
        if !operations.replace.is_empty() {
            let names: Vec<&str> = operations.replace.iter().map(|(name, _)| name.as_str()).collect();
            parts.push(format!("replaces in {}", names.join(", ")));
        }
        format!("{} in the header of the {whose}", parts.join(", "))
    });
}
