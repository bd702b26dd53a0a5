//! `encode`, and which encodings a client accepts.

use crate::requests::fields::Fields;
use crate::requests::flow::Flow;
use crate::requests::layers::{Encoding, Layer};
use crate::requests::program::Encode;
use crate::requests::state::State;

/// Quality values closer than this are the same.
const CLOSE: f64 = 0.00001;

/// Compresses what follows, if the client accepts an encoding that is offered.
pub(in crate::requests) fn serve<'p>(state: &mut State<'p>, config: &'p Encode) -> Flow<'p> {
    if state.obeys_no_transform() && state.request.headers.first("Cache-Control").contains("no-transform") {
        return Flow::Next;
    }
    let accepted = accepted(&state.request.headers, &config.prefer);
    let Some(name) = accepted.into_iter().find(|name| config.encodings.contains(name)) else {
        return Flow::Next;
    };
    let etag = state.request.headers.first("If-None-Match");
    if !etag.starts_with("W/")
        && let Some(before) = etag.strip_suffix(&format!("-{name}\""))
    {
        let etag = format!("{before}\"");
        state.request.headers.set("If-None-Match", etag);
    }
    if let Some(place) = state.current {
        state.notes.did(place, || format!("would compress the answer with {name}"));
    }
    state.layers.push(Layer::Encode(Encoding {
        config,
        name,
        status: 0,
        is_written: false,
        is_compressing: false,
        is_disabled: false,
    }));
    Flow::Wrap
}

/// The encodings that a client accepts, best first; of equals, the order of `prefer` decides.
pub(in crate::requests) fn accepted(headers: &Fields, prefer: &[String]) -> Vec<String> {
    let header = headers.first("Accept-Encoding");
    if header.is_empty() {
        return Vec::new();
    }
    let is_websocket = !headers.first("Sec-Websocket-Key").is_empty();
    let mut found: Vec<(String, f64, usize)> = Vec::new();
    for part in header.split(',') {
        let (name, parameters) = part.split_once(';').map_or((part, None), |(name, rest)| (name, Some(rest)));
        let name = name.trim().to_lowercase();
        let quality = parameters.and_then(|rest| {
            let first = rest.split(';').next().unwrap_or_default().trim();
            let is_quality = first.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("q="));
            let value: f64 = first.get(2..).filter(|_| is_quality)?.parse().ok()?;
            (0.0..=1.0).contains(&value).then_some(value)
        });
        let quality = quality.unwrap_or(1.0);
        if quality < CLOSE || (is_websocket && name != "identity") {
            continue;
        }
        let rank = prefer.iter().position(|known| *known == name).map_or(0, |at| prefer.len() - at);
        found.push((name, quality, rank));
    }
    found.sort_by(|a, b| if (a.1 - b.1).abs() < CLOSE { b.2.cmp(&a.2) } else { b.1.total_cmp(&a.1) });
    found.into_iter().map(|(name, _, _)| name).collect()
}
