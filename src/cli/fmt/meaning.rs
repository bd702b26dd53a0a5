//! Whether a file means the same when it is formatted: Caddy's formatter changes the meaning of a few odd texts.

use std::path::Path;
use std::sync::Arc;

use caddyctl_analysis::diff::patch;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Env, FileId, Loader, shown};
use caddyctl_language::syntax::{Word, lex};

use crate::cli::fault::Fault;

/// Refuses a formatted text that compiles to something else than the text of the file `path`. A file that does not
/// compile by itself, such as a fragment, has no meaning to compare; one that is not a Caddyfile is refused, unless it `is_forced`.
pub fn keep(
    known: &Arc<Registry>,
    path: &Path,
    (text, formatted): (&[u8], &[u8]),
    env: &Env,
    loader: &dyn Loader,
    is_forced: bool,
) -> Result<(), Fault> {
    let name = path.to_string_lossy();
    let old = compile_with(known, &name, text, env, loader);
    let Some(json) = old.comparable() else { return own(path, &old, is_forced) };
    let new = compile_with(known, &name, formatted, env, loader);
    let refuse = |line: usize, why: &str| {
        let fault =
            Fault::system(format!("{}:{line}: not formatted: the formatted text {why}", shown::path(path)));
        Err(fault.help("see `caddyctl fmt --diff`; write this line in a simpler way"))
    };
    match new.comparable() {
        None => {
            let found = new.diagnostics.iter().find(|found| found.is_error());
            let line = found.map_or(1, |found| line_of(&new, found));
            let code = found.map_or("E0001", |found| found.code.id);
            // Lines that it says are of the formatted text.
            let line_before = line.min(text.split(|byte| *byte == b'\n').count());
            refuse(line_before, &format!("does not compile ({code} on its line {line})"))
        }
        Some(other) if other != json => {
            let pointer = first_change(&old, &new);
            let line = old.span_at(&pointer).map_or(1, |span| old.sources.position(span).line);
            refuse(line, &format!("compiles to something else (at {pointer})"))
        }
        Some(_) => match words_that_differ(&old, &new) {
            // What defines something is compiled where it is used, which may be in another file.
            Some(line) if !old.snippets.is_empty() => refuse(line, "has different words in its snippets"),
            _ => Ok(()),
        },
    }
}

/// Refuses a file of another language, and one with an unfinished merge.
fn own(path: &Path, compilation: &Compilation, is_forced: bool) -> Result<(), Fault> {
    let foreign = compilation.diagnostics.iter().find(|found| found.code == Code::FOREIGN_TEXT);
    let Some(found) = foreign.filter(|_| !is_forced) else { return Ok(()) };
    let line = line_of(compilation, found);
    let fault = Fault::system(format!("{}:{line}: not formatted: {}", shown::path(path), found.message));
    Err(fault.help("`--force` formats it all the same; `--diff` shows what would change"))
}

fn line_of(compilation: &Compilation, found: &Diagnostic) -> usize {
    found.primary.as_ref().map_or(1, |label| compilation.sources.position(label.span).line)
}

/// Where two configurations first differ, as a JSON pointer.
fn first_change(old: &Compilation, new: &Compilation) -> String {
    let value = |of: &Compilation| of.config.as_ref().and_then(|config| serde_json::to_value(config).ok());
    let (Some(old), Some(new)) = (value(old), value(new)) else { return String::new() };
    let first = patch::patch(&old, &new).into_iter().next();
    first.and_then(|change| Some(change.get("path")?.as_str()?.to_owned())).unwrap_or_default()
}

/// The line of the first word that both texts do not have alike, or that begins a line in only one of them.
fn words_that_differ(old: &Compilation, new: &Compilation) -> Option<usize> {
    let words = |compilation: &Compilation| lex(&compilation.sources, FileId::default()).0;
    let (before, after) = (words(old), words(new));
    let begins = |words: &[Word], at: usize| at > 0 && words[at - 1].ends_line_before(&words[at]);
    let is_same = |at: usize| {
        let (Some(one), Some(other)) = (before.get(at), after.get(at)) else { return false };
        (&one.text, one.quote) == (&other.text, other.quote) && begins(&before, at) == begins(&after, at)
    };
    let at = (0..before.len().max(after.len())).find(|at| !is_same(*at))?;
    let word = before.get(at).or(before.last())?;
    Some(old.sources.position(word.span).line)
}
