//! The values that a shell can complete: codes, words of the language and git revisions.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use caddyctl_analysis::lint;
use caddyctl_language::diagnostics::Code;
use caddyctl_language::reference;
use caddyctl_language::source::shown;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use crate::cli::git::git;

/// How long git may take: the shell waits for the answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Completes the codes and names of lint rules.
pub fn rules() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        starting_with(typed, lint::all().map(|rule| (rule.code, rule.summary)).flat_map(by_code_and_name))
    })
}

/// Completes what `explain` has a page for.
pub fn pages() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let codes = Code::ALL.iter().map(|code| (*code, code.summary().unwrap_or_default()));
        let codes = codes.chain(lint::all().map(|rule| (rule.code, rule.summary))).flat_map(by_code_and_name);
        let words = reference::all().map(|entry| (entry.name, ""));
        starting_with(typed, codes.chain(words))
    })
}

/// Completes the branches and tags of the repository around the working directory.
pub fn revisions() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let names = git(PATIENCE).work_tree(Path::new(".")).and_then(|tree| tree.names()).unwrap_or_default();
        // A name that looks different from what it is would be completed unseen.
        let names = names.iter().map(String::as_str).filter(|name| shown::line(name) == *name);
        starting_with(typed, std::iter::once("HEAD").chain(names).map(|name| (name, "")))
    })
}

fn by_code_and_name((code, summary): (Code, &'static str)) -> [(&'static str, &'static str); 2] {
    [(code.id, summary), (code.name, summary)]
}

/// The candidates that continue what was typed. Letters count the same in both cases, as in `explain`.
fn starting_with<'a>(
    typed: &OsStr,
    candidates: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let continues =
        |name: &str| name.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(&typed));
    let mut found: Vec<_> = candidates.filter(|(name, _)| continues(name)).collect();
    // A subdirective is listed for each of its directives.
    found.sort_unstable();
    found.dedup_by_key(|(name, _)| *name);
    let candidate = |(name, help): (&str, &str)| {
        CompletionCandidate::new(name).help((!help.is_empty()).then(|| help.to_owned().into()))
    };
    found.into_iter().map(candidate).collect()
}
