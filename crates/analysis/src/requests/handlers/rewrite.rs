//! `rewrite`, `uri`, `method` and `handle_path`.

use crate::requests::escape::{Part, escape, unescape};
use crate::requests::program::Rewrite;
use crate::requests::query::Query;
use crate::requests::state::State;
use crate::requests::url::{Url, clean_path};
use crate::requests::value::Value;

/// What a rewrite changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::requests) struct Target {
    pub(in crate::requests) method: String,
    pub(in crate::requests) url: Url,
    pub(in crate::requests) request_uri: String,
}

/// Rewrites the request that handlers see.
pub(in crate::requests) fn serve(state: &mut State<'_>, config: &Rewrite) {
    let request = &state.request;
    let mut target = Target {
        method: request.method.clone(),
        url: request.url.clone(),
        request_uri: request.request_uri.clone(),
    };
    rewrite(state, config, &mut target);
    if let Some(place) = state.current {
        let (before, method) = (state.request.request_uri.clone(), state.request.method.clone());
        let (after, now) = (target.request_uri.clone(), target.method.clone());
        state.notes.did(place, || match (before == after, method == now) {
            (true, true) => "changes nothing".to_owned(),
            (true, false) => format!("makes the method {now}"),
            (false, true) => format!("rewrites {before} to {after}"),
            (false, false) => format!("rewrites {method} {before} to {now} {after}"),
        });
    }
    state.request.method = target.method;
    state.request.url = target.url;
    state.request.request_uri = target.request_uri;
}

/// Rewrites `target`; tells whether the method or the target changed.
pub(in crate::requests) fn rewrite(state: &State<'_>, config: &Rewrite, target: &mut Target) -> bool {
    let before = (target.method.clone(), target.request_uri.clone());
    if !config.method.is_empty() {
        target.method = state.fill(&config.method).to_uppercase();
    }
    if !config.uri.is_empty() {
        uri(state, &config.uri, &mut target.url);
    }
    if !config.strip_prefix.is_empty() {
        let prefix = state.fill(&config.strip_prefix);
        let prefix = if prefix.starts_with('/') { prefix.into_owned() } else { format!("/{prefix}") };
        let merge = !prefix.contains("//");
        strip(&mut target.url, |path| strip_prefix(&clean_path(path, merge), &prefix).to_owned(), merge);
    }
    if !config.strip_suffix.is_empty() {
        let suffix = state.fill(&config.strip_suffix).into_owned();
        let merge = !suffix.contains("//");
        strip(&mut target.url, |path| strip_suffix(&clean_path(path, merge), &suffix).to_owned(), merge);
    }
    for (find, replace, limit) in config.substrings.iter().filter(|(find, _, _)| !find.is_empty()) {
        let (text, by) = (state.fill(find), state.fill(replace));
        let limit = if *limit == 0 { usize::MAX } else { *limit };
        let merge = !find.contains("//");
        target.url.change_path(|path| replace_text(&clean_path(path, merge), &text, &by, limit));
        target.url.query = replace_text(&target.url.query, &text, &by, limit);
    }
    for (regexp, replace) in &config.regexps {
        let by = state.fill(replace);
        target.url.change_path(|path| regexp.replace_all(path, &by));
    }
    if let Some(operations) = &config.query {
        let mut query = Query::parse(&target.url.query);
        for (key, to) in &operations.rename {
            let (key, to) = (state.fill(key), state.fill(to));
            if !key.is_empty()
                && !to.is_empty()
                && key != to
                && let Some(values) = query.remove(&key)
            {
                query.set(&to, values);
            }
        }
        for (key, value) in &operations.set {
            let key = state.fill(key);
            if !key.is_empty() {
                query.set(&key, vec![state.fill(value).into_owned()]);
            }
        }
        for (key, value) in &operations.add {
            let key = state.fill(key);
            if !key.is_empty() {
                query.add(&key, state.fill(value).into_owned());
            }
        }
        for replacement in &operations.replace {
            let key = state.fill(&replacement.key);
            let (search, by) = (state.fill_known(&replacement.search), state.fill_known(&replacement.by));
            for value in query.values_mut(&key) {
                *value = match &replacement.regexp {
                    Some(regexp) => regexp.replace_all(value, &by),
                    None => value.replace(&*search, &by),
                };
            }
        }
        for key in &operations.delete {
            let key = state.fill(key);
            if !key.is_empty() {
                query.remove(&key);
            }
        }
        target.url.query = query.encode();
    }
    target.request_uri = target.url.request_uri();
    before != (target.method.clone(), target.request_uri.clone())
}

fn replace_text(text: &str, find: &str, by: &str, limit: usize) -> String {
    if find.is_empty() { text.to_owned() } else { text.replacen(find, by, limit) }
}

/// Changes the path by `change`, which strips it. What is left of a path that was stripped has no dot segments.
fn strip(url: &mut Url, change: impl Fn(&str) -> String, merge: bool) {
    let is_stripped = clean_path(&url.escaped_path(), merge) != change(&url.escaped_path());
    url.change_path(change);
    put_slash(url);
    if is_stripped && url.path.split('/').any(|segment| matches!(segment, "." | "..")) {
        url.path = clean_path(&url.path, false);
        url.raw_path.clear();
    }
}

/// What is left of a path has a slash in front, in each of its forms.
fn put_slash(url: &mut Url) {
    if !url.path.starts_with('/') {
        url.path.insert(0, '/');
    }
    if !url.raw_path.is_empty() && !url.raw_path.starts_with('/') {
        url.raw_path.insert(0, '/');
    }
}

/// A new URI: what stands before `?` and `#` in the configured text is the path.
fn uri(state: &State<'_>, text: &str, url: &mut Url) {
    let rest = text.split_once('#').map_or(text, |(rest, _)| rest);
    let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
    let has_path = !path.is_empty();
    let mut new_path = String::new();
    let mut query = query.map(str::to_owned);
    let has_query = query.is_some();
    if has_path {
        new_path = state.fill(&with_escaped_paths(state, path)).into_owned();
    }
    let mut injected = false;
    if let Some((before, after)) = new_path.clone().split_once('?') {
        before.clone_into(&mut new_path);
        if query.as_deref().unwrap_or_default().is_empty() {
            // What a value brought along is no template.
            query = Some(after.replace('{', "%7B").replace('}', "%7D"));
            injected = true;
        }
    }
    if has_path {
        url.path = unescape(&new_path, Part::Path).unwrap_or(new_path);
        url.raw_path.clear();
    }
    if has_query || injected {
        url.query = query.map(|query| new_query(state, &query)).unwrap_or_default();
    }
}

/// The text with escaped paths for the placeholders of paths.
fn with_escaped_paths(state: &State<'_>, text: &str) -> String {
    const PATH: &str = "{http.request.uri.path}";
    const FILE: &str = "{http.matchers.file.relative}";
    let mut out = text.to_owned();
    if out.contains(PATH) {
        out = out.replace(PATH, &state.request.url.escaped_path());
    }
    if out.contains(FILE)
        && let Some(value) = state.values.get("http.matchers.file.relative")
    {
        out = out.replace(FILE, &escape(&value.text(), Part::Segment).replace("%2F", "/"));
    }
    out
}

/// A query whose keys and values are filled and escaped one by one.
fn new_query(state: &State<'_>, text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut wrote_value = true;
    while !rest.is_empty() {
        let (equal, amp) = (rest.find('='), rest.find('&'));
        let is_amp = amp.is_some_and(|amp| equal.is_none_or(|equal| amp < equal));
        let end = if is_amp { amp } else { equal.or(amp) }.unwrap_or(rest.len());
        let part = state.fill_with(&rest[..end], &mut |name, value| {
            if name == "http.request.uri.query" && wrote_value {
                return value.text();
            }
            // Go's words for a value that is missing; a cookie that is missing is an empty one.
            if *value == Value::Null && !name.starts_with("http.request.cookie.") {
                return escape("<nil>", Part::Query);
            }
            escape(&value.text(), Part::Query)
        });
        rest = rest.get(end + 1..).unwrap_or("");
        if !wrote_value {
            out.push('=');
        } else if !out.is_empty() && !part.is_empty() {
            out.push('&');
        }
        out.push_str(&part);
        wrote_value = is_amp;
    }
    out
}

/// The path without `prefix`, which ignores case and undoes escapes.
fn strip_prefix<'t>(path: &'t str, prefix: &str) -> &'t str {
    let mut at = 0;
    let mut wanted = prefix.chars();
    let mut next = wanted.next();
    while let Some(letter) = next {
        let Some(found) = path[at..].chars().next() else { return path };
        let mut width = found.len_utf8();
        let mut found = found.to_string();
        if found == "%" && letter != '%' && path.len() >= at + 3 && path.is_char_boundary(at + 3) {
            let Some(plain) = unescape(&path[at..at + 3], Part::Path) else { return path };
            found = plain;
            width = 3;
        }
        if !found.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4])) {
            return path;
        }
        at += width;
        next = wanted.next();
    }
    &path[at..]
}

/// The path without `suffix`, which ignores case: as it is written, or with its escapes undone.
fn strip_suffix<'t>(path: &'t str, suffix: &str) -> &'t str {
    let at = path.len().checked_sub(suffix.len()).filter(|at| path.is_char_boundary(*at));
    if let Some(at) = at.filter(|at| path[*at..].eq_ignore_ascii_case(suffix)) {
        return &path[..at];
    }
    let mut rest = path;
    for letter in suffix.chars().rev() {
        let escape = rest.len().checked_sub(3).filter(|at| rest.is_char_boundary(*at));
        let escape = escape.filter(|at| rest[*at..].starts_with('%'));
        let plain = escape.and_then(|at| Some((at, unescape(&rest[at..], Part::Path)?)));
        let Some(last) = rest.chars().next_back() else { return path };
        let (at, found) = plain.unwrap_or_else(|| (rest.len() - last.len_utf8(), last.to_string()));
        if !found.eq_ignore_ascii_case(letter.encode_utf8(&mut [0; 4])) {
            return path;
        }
        rest = &rest[..at];
    }
    rest
}
