//! `file`: whether a file exists.

use crate::requests::facts::{Entry, Missing};
use crate::requests::glob;
use crate::requests::program::{FileMatcher, TryPolicy};
use crate::requests::state::{Raised, State};
use crate::requests::url::{clean, join_below};
use crate::requests::version::SlashAtEnd;

/// A file that may be there.
struct Candidate {
    path: String,
    relative: String,
    remainder: String,
}

/// Whether one of the files exists; what is known of it becomes placeholders.
pub(super) fn matches(state: &mut State<'_>, config: &FileMatcher) -> Result<bool, Raised> {
    let root = state.fill(&config.root).into_owned();
    let root = clean(if root.is_empty() { "." } else { &root });
    if !state.fill(&config.file_system).is_empty() {
        return Err(Raised::Unknown("file systems of plugins are not modelled".to_owned()));
    }
    match config.policy {
        TryPolicy::First | TryPolicy::FirstOrLast => {
            let mut is_missed = false;
            let last = config.try_files.len().saturating_sub(1);
            for (number, pattern) in config.try_files.iter().enumerate() {
                if let Some(status) = status(pattern) {
                    return Err(Raised::with(status, &pattern[1..]));
                }
                for candidate in candidates(state, config, &root, pattern) {
                    if config.policy == TryPolicy::FirstOrLast && number == last {
                        keep(state, candidate, false);
                        return Ok(true);
                    }
                    match state.facts.look(&candidate.path) {
                        Ok(entry) if entry.is_folder == candidate.path.ends_with('/') => {
                            keep(state, candidate, entry.is_folder);
                            return Ok(true);
                        }
                        Err(Missing::NotFound) if !is_missed => {
                            is_missed = true;
                            state.misses_folder(&root);
                        }
                        _ => {}
                    }
                }
            }
            Ok(false)
        }
        policy => {
            let mut best: Option<(Candidate, Entry)> = None;
            let mut size = 0;
            for pattern in &config.try_files {
                for candidate in candidates(state, config, &root, pattern) {
                    let Ok(entry) = state.facts.look(&candidate.path) else { continue };
                    let is_better = match policy {
                        TryPolicy::Largest => entry.size > size,
                        TryPolicy::Smallest => size == 0 || entry.size < size,
                        _ => best.as_ref().is_none_or(|(_, known)| entry.modified > known.modified),
                    };
                    if is_better {
                        size = entry.size;
                        best = Some((candidate, entry));
                    }
                }
            }
            if best.is_none() {
                state.misses_folder(&root);
            }
            Ok(match best {
                Some((candidate, entry)) => {
                    keep(state, candidate, entry.is_folder);
                    true
                }
                None => false,
            })
        }
    }
}

/// The status of a pattern such as `=404`.
fn status(pattern: &str) -> Option<i64> {
    let digits = pattern.strip_prefix('=').filter(|digits| !digits.is_empty())?;
    digits.parse().ok().filter(|status| (100..=999).contains(status))
}

fn keep(state: &mut State<'_>, candidate: Candidate, is_folder: bool) {
    state.set("http.matchers.file.relative", candidate.relative);
    state.set("http.matchers.file.absolute", candidate.path);
    state.set("http.matchers.file.remainder", candidate.remainder);
    state.set("http.matchers.file.type", if is_folder { "directory" } else { "file" });
}

/// The paths that a pattern may mean.
fn candidates(state: &State<'_>, config: &FileMatcher, root: &str, pattern: &str) -> Vec<Candidate> {
    let filled = state.fill_with(pattern, &mut |_, value| match value {
        crate::requests::value::Value::Text(text) => guarded(text),
        other => other.text(),
    });
    let (mut before, after) = split(&clean(&filled), &config.split);
    let own = pattern.ends_with('/');
    let has_slash = match state.slash_at_end() {
        SlashAtEnd::OfPattern => own,
        _ if before == "/" => false,
        SlashAtEnd::OfPath => filled.ends_with('/'),
        SlashAtEnd::Refused if !own && filled.ends_with('/') => return Vec::new(),
        SlashAtEnd::Refused => own,
    };
    if has_slash {
        before.push('/');
    }
    let whole = join_below(root, &before);
    paths(state, &whole)
        .into_iter()
        .map(|path| Candidate {
            relative: path.strip_prefix(root).unwrap_or(&path).to_owned(),
            path,
            remainder: after.clone(),
        })
        .collect()
}

/// A text without characters that mean something in a pattern.
fn guarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '[' | '?' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The path up to the first text of `splits` that ends a segment, and the rest.
fn split(path: &str, splits: &[String]) -> (String, String) {
    let lower = path.to_ascii_lowercase();
    for text in splits {
        let text = text.to_ascii_lowercase();
        // The first place counts, and the end of the path is none.
        let Some(at) = lower.find(&text).filter(|at| at + text.len() < path.len()) else { continue };
        let end = at + text.len();
        if path[end..].starts_with('/') {
            return (path[..end].to_owned(), path[end..].to_owned());
        }
    }
    (path.to_owned(), String::new())
}

/// The paths that a pattern stands for: those that exist, where it has wildcards, sorted.
fn paths(state: &State<'_>, pattern: &str) -> Vec<String> {
    if !glob::is_pattern(pattern) {
        return if state.facts.look(pattern).is_ok() { vec![pattern.to_owned()] } else { Vec::new() };
    }
    let (folder, last) = pattern
        .rsplit_once('/')
        .map_or((".", pattern), |(folder, last)| (if folder.is_empty() { "/" } else { folder }, last));
    let folders = if glob::is_pattern(folder) { paths(state, folder) } else { vec![folder.to_owned()] };
    let mut found = Vec::new();
    for folder in folders {
        for name in state.facts.names(&folder).unwrap_or_default() {
            if glob::matches(last, &name) == Some(true) {
                found.push(match folder.as_str() {
                    "/" => format!("/{name}"),
                    "." if !pattern.contains('/') => name,
                    folder => format!("{folder}/{name}"),
                });
            }
        }
    }
    found
}
