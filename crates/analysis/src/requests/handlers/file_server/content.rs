//! How Go's `http.ServeContent` sends a file: conditions, ranges, and the rest.

use super::etag::is_useful;
use crate::requests::date;
use crate::requests::layers::{Chunk, Origin};
use crate::requests::notes::About;
use crate::requests::state::{Raised, State};

/// A file that is sent.
pub(super) struct Content {
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i128,
    /// Its bytes, where they could be read.
    pub(super) bytes: Option<Vec<u8>>,
    /// The status instead of any other, such as that of an error.
    pub(super) status: Option<i64>,
}

/// What a condition says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    None,
    Holds,
    Fails,
}

/// Sends a file.
pub(super) fn serve(state: &mut State<'_>, content: &Content) -> Result<(), Raised> {
    let modified = is_useful(content.modified)
        .then(|| i64::try_from(content.modified.div_euclid(1_000_000_000)).unwrap_or(0));
    if let Some(seconds) = modified {
        state.headers.set("Last-Modified", date::http(seconds));
    }
    let write_header =
        |state: &mut State<'_>, status: i64| state.write_header(content.status.unwrap_or(status));
    let mut range = state.request.headers.first("Range").to_owned();
    match preconditions(state, modified, &mut range) {
        Some(304) => {
            for name in ["Content-Type", "Content-Length", "Content-Encoding"] {
                state.headers.take(name);
            }
            if !state.headers.first("Etag").is_empty() {
                state.headers.take("Last-Modified");
            }
            return write_header(state, 304);
        }
        Some(status) => return write_header(state, status),
        None => {}
    }
    let size = content.size;
    let mut status = 200;
    let (mut start, mut length) = (0, size);
    let mut is_multiple = false;
    match ranges(&range, size) {
        Err(NoRange::Overlap) if size == 0 => {}
        Err(fault) => {
            if fault == NoRange::Overlap {
                state.headers.set("Content-Range", format!("bytes */{size}"));
            }
            for name in ["Cache-Control", "Content-Encoding", "Etag", "Last-Modified"] {
                state.headers.take(name);
            }
            state.headers.take("Content-Length");
            state.headers.set("Content-Type", "text/plain; charset=utf-8");
            state.headers.set("X-Content-Type-Options", "nosniff");
            write_header(state, 416)?;
            let text =
                if fault == NoRange::Overlap { "invalid range: failed to overlap" } else { "invalid range" };
            return state.write_text(&format!("{text}\n"));
        }
        Ok(ranges) => {
            let sum: u64 = ranges.iter().map(|(_, length)| *length).sum();
            match ranges.as_slice() {
                [] => {}
                _ if sum > size => {}
                [(from, count)] => {
                    (start, length) = (*from, *count);
                    status = 206;
                    state.headers.set("Content-Range", format!("bytes {from}-{}/{size}", from + count - 1));
                }
                _ => {
                    status = 206;
                    is_multiple = true;
                    state.headers.set("Content-Type", "multipart/byteranges; boundary=assumed");
                    state.notes.undecided(About::Content, "the boundary between several ranges");
                }
            }
        }
    }
    state.headers.set("Accept-Ranges", "bytes");
    if !is_multiple && (status == 206 || state.headers.first("Content-Encoding").is_empty()) {
        state.headers.set("Content-Length", length.to_string());
    }
    write_header(state, status)?;
    if state.request.method == "HEAD" {
        return Ok(());
    }
    let bytes = content.bytes.as_ref().map(|bytes| {
        let end = bytes.len().min(usize::try_from(start + length).unwrap_or(usize::MAX));
        bytes[usize::try_from(start).unwrap_or(0).min(end)..end].to_vec()
    });
    match bytes {
        Some(bytes) if !is_multiple => state.write(Chunk { bytes, origin: Origin::Caddy }),
        _ => state.write(Chunk { bytes: b"(bytes of a file)".to_vec(), origin: Origin::Unknown }),
    }
}

/// The status that conditions of the request lead to; a range that does not apply is emptied.
fn preconditions(state: &State<'_>, modified: Option<i64>, range: &mut String) -> Option<i64> {
    let mut held = if_match(state);
    if held == Condition::None {
        held = since(state, "If-Unmodified-Since", modified, false);
    }
    if held == Condition::Fails {
        return Some(412);
    }
    let is_read = matches!(state.request.method.as_str(), "GET" | "HEAD");
    match if_none_match(state) {
        Condition::Fails => return Some(if is_read { 304 } else { 412 }),
        Condition::None
            if is_read && since(state, "If-Modified-Since", modified, true) == Condition::Fails =>
        {
            return Some(304);
        }
        _ => {}
    }
    if !range.is_empty() && is_read && if_range(state, modified) == Condition::Fails {
        range.clear();
    }
    None
}

/// A tag at the start of a list, and the rest.
fn tag(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches([' ', '\t', '\r', '\n']);
    let start = if text.starts_with("W/") { 2 } else { 0 };
    if !text[start..].starts_with('"') {
        return None;
    }
    let end = text[start + 1..].find('"')? + start + 2;
    Some((&text[..end], &text[end..]))
}

/// The tags of a list; `None` for `*`.
fn tags(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
            continue;
        }
        if rest.starts_with('*') {
            return None;
        }
        let Some((tag, after)) = tag(rest) else { break };
        found.push(tag);
        rest = after.trim_start();
    }
    Some(found)
}

fn if_match(state: &State<'_>) -> Condition {
    let text = state.request.headers.first("If-Match");
    if text.is_empty() {
        return Condition::None;
    }
    let own = state.headers.first("Etag");
    let holds = match tags(text) {
        None => true,
        Some(tags) => tags.iter().any(|tag| *tag == own && own.starts_with('"')),
    };
    if holds { Condition::Holds } else { Condition::Fails }
}

fn if_none_match(state: &State<'_>) -> Condition {
    let text = state.request.headers.first("If-None-Match");
    if text.is_empty() {
        return Condition::None;
    }
    let weak = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let own = weak(state.headers.first("Etag"));
    let fails = match tags(text) {
        None => true,
        Some(tags) => tags.iter().any(|tag| weak(tag) == own),
    };
    if fails { Condition::Fails } else { Condition::Holds }
}

/// `If-Modified-Since` and its opposite.
fn since(state: &State<'_>, name: &str, modified: Option<i64>, is_modified: bool) -> Condition {
    let text = state.request.headers.first(name);
    let (Some(modified), Some(time)) = (modified, date::parse(text)) else { return Condition::None };
    if text.is_empty() {
        return Condition::None;
    }
    let is_newer = modified > time;
    if is_newer == is_modified { Condition::Holds } else { Condition::Fails }
}

fn if_range(state: &State<'_>, modified: Option<i64>) -> Condition {
    let text = state.request.headers.first("If-Range");
    if text.is_empty() {
        return Condition::None;
    }
    if let Some((tag, _)) = tag(text) {
        let own = state.headers.first("Etag");
        return if tag == own && own.starts_with('"') { Condition::Holds } else { Condition::Fails };
    }
    match (modified, date::parse(text)) {
        (Some(modified), Some(time)) if modified == time => Condition::Holds,
        _ => Condition::Fails,
    }
}

/// Why there are no ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoRange {
    Malformed,
    Overlap,
}

/// The ranges that a header asks for: starts and lengths.
fn ranges(header: &str, size: u64) -> Result<Vec<(u64, u64)>, NoRange> {
    if header.is_empty() {
        return Ok(Vec::new());
    }
    let Some(list) = header.strip_prefix("bytes=") else { return Err(NoRange::Malformed) };
    let mut found = Vec::new();
    let mut is_outside = false;
    for part in list.split(',').map(|part| part.trim_matches([' ', '\t'])).filter(|part| !part.is_empty()) {
        let Some((start, end)) = part.split_once('-') else { return Err(NoRange::Malformed) };
        let (start, end) = (start.trim(), end.trim());
        let whole = |text: &str| match text.parse::<u64>() {
            Ok(number) if !text.starts_with('+') && i64::try_from(number).is_ok() => Ok(number),
            _ => Err(NoRange::Malformed),
        };
        if start.is_empty() {
            if end.is_empty() || end.starts_with('-') {
                return Err(NoRange::Malformed);
            }
            let count = whole(end)?.min(size);
            found.push((size - count, count));
            continue;
        }
        let first = whole(start)?;
        if first >= size {
            is_outside = true;
            continue;
        }
        let last = if end.is_empty() {
            size - 1
        } else {
            let last = whole(end)?;
            if first > last {
                return Err(NoRange::Malformed);
            }
            last.min(size - 1)
        };
        found.push((first, last - first + 1));
    }
    if is_outside && found.is_empty() { Err(NoRange::Overlap) } else { Ok(found) }
}
