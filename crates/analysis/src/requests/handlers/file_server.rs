//! `file_server`.

mod browse;
mod content;
mod etag;
mod hidden;
mod media_type;
mod redirect;

use etag::etag_of;
use hidden::Hidden;
use redirect::redirect;

use super::encode::accepted;
use super::respond::number;
use crate::requests::facts::{Entry, Missing};
use crate::requests::flow::Flow;
use crate::requests::program::FileServer;
use crate::requests::state::{Raised, State};
use crate::requests::url::{base, extension, join_below};

/// A longer name is none for Linux.
const LONGEST_NAME: usize = 255;

/// The largest file whose text a report shows (bytes).
const LARGEST: u64 = 16 << 20;

/// Serves a file.
pub(in crate::requests) fn serve<'p>(
    state: &mut State<'p>,
    config: &'p FileServer,
) -> Result<Flow<'p>, Raised> {
    let hidden = Hidden::new(state, config);
    let root = state.fill(&config.root).into_owned();
    let root = if root.is_empty() { ".".to_owned() } else { root };
    if !state.fill(&config.file_system).is_empty() {
        return Err(Raised::Unknown("file systems of plugins are not modelled".to_owned()));
    }
    let path = join_below(&root, &state.request.url.path);
    let mut file = path.strip_suffix('/').unwrap_or(&path).to_owned();
    if file.contains('\0') {
        return Err(Raised::with(400, "invalid argument"));
    }
    let looked = if file.split('/').any(|part| part.len() > LONGEST_NAME) {
        Err(Missing::Invalid)
    } else {
        state.facts.look(if file.is_empty() { "/" } else { &file })
    };
    let mut entry = match looked {
        Ok(entry) => entry,
        Err(Missing::NotFound) => {
            state.misses_folder(&root);
            return not_found(state, config, &file);
        }
        Err(Missing::Denied) => return Err(Raised::with(403, "permission denied")),
        Err(Missing::BelowFile | Missing::Invalid) => return Err(Raised::with(400, "invalid argument")),
    };
    let mut is_index = false;
    if entry.is_folder {
        for name in &config.index {
            let index = join_below(&file, &state.fill(name));
            if hidden.has(state, &index) {
                continue;
            }
            if let Ok(found) = state.facts.look(&index) {
                (entry, file, is_index) = (found, index, true);
                break;
            }
        }
    }
    if entry.is_folder {
        return match &config.browse {
            Some(browse) if !hidden.has(state, &file) => {
                browse::serve(state, config, browse, &root, &file, &hidden)
            }
            _ => not_found(state, config, &file),
        };
    }
    if hidden.has(state, &file) {
        return not_found(state, config, &file);
    }
    if config.canonical && base(&state.original.url.path) == base(&state.request.url.path) {
        let original = state.original.url.path.clone();
        let to = match (is_index, original.strip_suffix('/')) {
            (true, None) => Some(format!("{original}/")),
            (false, Some(before)) => Some(before.to_owned()),
            _ => None,
        };
        if let Some(to) = to {
            redirect(state, &to)?;
            return Ok(Flow::Done);
        }
    }
    file_found(state, config, &file, entry)?;
    Ok(Flow::Done)
}

/// Serves the file that was found.
fn file_found(state: &mut State<'_>, config: &FileServer, file: &str, entry: Entry) -> Result<(), Raised> {
    let mut etag = state.headers.first("Etag").to_owned();
    state.headers.add("Vary", "Accept-Encoding");
    let (mut served, mut size) = (file.to_owned(), entry.size);
    for name in accepted(&state.request.headers, &config.compressed_order) {
        let Some((encoding, ending)) = config.compressed.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        let other = format!("{file}{ending}");
        let Ok(found) = state.facts.look(&other) else { continue };
        if found.is_folder {
            continue;
        }
        state.headers.set("Content-Encoding", *encoding);
        if state.request.headers.first("Range").is_empty() {
            state.headers.set("Content-Length", found.size.to_string());
        }
        if etag.is_empty() {
            etag = etag_of_file(state, config, &other).unwrap_or_else(|| etag_of(found));
        }
        (served, size) = (other, found.size);
        break;
    }
    if etag.is_empty() {
        etag = etag_of_file(state, config, file).unwrap_or_else(|| etag_of(entry));
    }
    if !matches!(state.request.method.as_str(), "GET" | "HEAD") && state.error.is_none() {
        state.headers.add("Allow", "GET, HEAD");
        return Err(Raised::status(405));
    }
    if !etag.is_empty() {
        state.headers.set("Etag", etag);
    }
    if state.headers.first("Content-Type").is_empty() {
        match media_type::of(state.facts, extension(file)) {
            Some(kind) => state.headers.set("Content-Type", kind),
            None => state.headers.put("Content-Type", Vec::new()),
        }
    }
    let mut status = state.error.map(|status| if status > 0 { status } else { 500 });
    if !config.status.is_empty() {
        status = Some(number(&state.fill(&config.status))?).filter(|status| *status > 0).or(status);
    }
    if let Some(place) = state.current {
        let shown = served.clone();
        state.notes.did(place, || format!("serves the file {shown}"));
    }
    let bytes = state.facts.read(&served, LARGEST);
    state.file = Some(state.absolute(&served));
    content::serve(state, &content::Content { size, modified: entry.modified, bytes, status })
}

fn not_found<'p>(state: &mut State<'p>, config: &FileServer, file: &str) -> Result<Flow<'p>, Raised> {
    if let Some(place) = state.current {
        state.notes.did(place, || format!("finds no file {file}"));
    }
    if config.pass_through { Ok(Flow::Next) } else { Err(Raised::status(404)) }
}

/// The tag in a file beside the file.
fn etag_of_file(state: &State<'_>, config: &FileServer, file: &str) -> Option<String> {
    let found =
        config.etag_extensions.iter().find_map(|end| state.facts.read(&format!("{file}{end}"), LARGEST))?;
    Some(crate::requests::text::of_bytes(&found).replace('\n', ""))
}
