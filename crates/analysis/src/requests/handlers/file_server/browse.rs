//! Lists of folders.

use super::hidden::Hidden;
use super::redirect::redirect;
use crate::requests::date;
use crate::requests::flow::Flow;
use crate::requests::layers::{Chunk, Origin};
use crate::requests::notes::About;
use crate::requests::program::{Browse, FileServer};
use crate::requests::query::Query;
use crate::requests::state::{Raised, State};
use crate::requests::url::base;

/// Lists a folder: as JSON, text or a page, by what the client accepts.
pub(super) fn serve<'p>(
    state: &mut State<'p>,
    config: &FileServer,
    browse: &Browse,
    root: &str,
    folder: &str,
    hidden: &Hidden,
) -> Result<Flow<'p>, Raised> {
    let original = state.original.url.path.clone();
    let is_same = state.request.url.path.is_empty() || base(&original) == base(&state.request.url.path);
    if is_same && !original.ends_with('/') {
        redirect(state, &format!("{original}/"))?;
        return Ok(Flow::Done);
    }
    let _ = (config, root);
    state.headers.add("Vary", "Accept, Accept-Encoding");
    set_cookies(state, browse);
    let newest = newest(state, folder, hidden);
    state.headers.set("Last-Modified", date::http(newest));
    let accept = state.request.headers.values("Accept").unwrap_or_default().join(",").to_lowercase();
    let kind = if accept.contains("application/json") {
        "application/json; charset=utf-8"
    } else if accept.contains("text/plain") {
        "text/plain; charset=utf-8"
    } else {
        state.headers.set("Content-Security-Policy", "{nonce}");
        state.notes.undecided(About::Content, "the nonce of a list's page changes with each answer");
        "text/html; charset=utf-8"
    };
    state.headers.set("Content-Type", kind);
    if let Some(place) = state.current {
        state.notes.did(place, || format!("lists the folder {folder}"));
    }
    state.write(Chunk { bytes: b"(a list of files)".to_vec(), origin: Origin::Unknown })?;
    Ok(Flow::Done)
}

/// When the folder or the newest file in it was changed (seconds since 1970).
fn newest(state: &State<'_>, folder: &str, hidden: &Hidden) -> i64 {
    let time = |path: &str| {
        let entry = state.facts.look(path).ok()?;
        i64::try_from(entry.modified.div_euclid(1_000_000_000)).ok()
    };
    let names = state.facts.names(folder).unwrap_or_default();
    let files = names.iter().map(|name| format!("{folder}/{name}")).filter(|path| !hidden.has(state, path));
    files.filter_map(|path| time(&path)).chain(time(folder)).max().unwrap_or(0)
}

fn set_cookies(state: &mut State<'_>, browse: &Browse) {
    let query = Query::parse(&state.request.url.query);
    let first = |name: &str| query.get(name).and_then(|values| values.first()).cloned().unwrap_or_default();
    let configured = |wanted: &[&str]| {
        let mut options = browse.sort.iter().take(2);
        options.rfind(|text| wanted.contains(&text.as_str())).cloned().unwrap_or_default()
    };
    let sorts = ["name", "namedirfirst", "size", "time"];
    let orders = ["asc", "desc"];
    for (name, known) in [("sort", &sorts[..]), ("order", &orders[..])] {
        let asked = first(name);
        let value = if asked.is_empty() { configured(known) } else { asked };
        if known.contains(&value.as_str()) {
            let secure = if state.connection.tls { " Secure;" } else { "" };
            state.headers.add("Set-Cookie", format!("{name}={value}; HttpOnly;{secure} SameSite=Lax"));
        }
    }
}
