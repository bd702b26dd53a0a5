//! Redirects to the path that a file or folder should have.

use crate::requests::escape::{Part, escape};
use crate::requests::state::{Raised, State};
use crate::requests::url::clean;

/// Sends the client to another path of the same site.
pub(super) fn redirect(state: &mut State<'_>, to: &str) -> Result<(), Raised> {
    let mut to = to.to_owned();
    while to.starts_with("//") {
        to.remove(0);
    }
    if !state.request.url.query.is_empty() {
        to = format!("{to}?{}", state.request.url.query);
    }
    // A target that is a path is cleaned, and one without a slash in front starts at the folder of the request.
    if !has_scheme(&to) {
        if !to.starts_with('/') {
            let path = &state.request.url.path;
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            to = format!("{folder}{to}");
        }
        let (path, query) =
            to.split_once('?').map_or((to.as_str(), None), |(path, query)| (path, Some(query)));
        let is_folder = path.ends_with('/');
        let mut cleaned = clean(path);
        if is_folder && !cleaned.ends_with('/') {
            cleaned.push('/');
        }
        to = query.map_or(cleaned.clone(), |query| format!("{cleaned}?{query}"));
    }
    let has_type = state.headers.has("Content-Type");
    let location = to
        .chars()
        .map(|letter| {
            if letter.is_ascii() {
                letter.to_string()
            } else {
                escape(&letter.to_string(), Part::Query).to_lowercase()
            }
        })
        .collect::<String>();
    state.headers.set("Location", location);
    let is_get = state.request.method == "GET";
    if !has_type && (is_get || state.request.method == "HEAD") {
        state.headers.set("Content-Type", "text/html; charset=utf-8");
    }
    if let Some(place) = state.current {
        let shown = to.clone();
        state.notes.did(place, || format!("sends the client to {shown}"));
    }
    state.write_header(308)?;
    if !has_type && is_get {
        let shown = to
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&#34;")
            .replace('\'', "&#39;");
        state.write_text(&format!("<a href=\"{shown}\">Permanent Redirect</a>.\n\n"))?;
    }
    Ok(())
}

fn has_scheme(text: &str) -> bool {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !"+-.".contains(letter));
    end.is_some_and(|end| {
        end > 0 && text[end..].starts_with(':') && text.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}
