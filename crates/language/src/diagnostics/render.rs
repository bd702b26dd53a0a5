//! Diagnostics as text: one form a file, each a pure function from reports to a string.
//!
//! Lines and columns count from 1 and columns count characters, in every form but `rdjson`. Where a form has an end, it is the
//! place just after the last character.

use super::Diagnostic;
use crate::source::{Sources, shown};

pub mod concise;
mod fingerprint;
pub mod full;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
mod path;
mod place;
pub mod rdjson;
pub mod sarif;
pub mod summary;

/// What was found in one Caddyfile and everything it imports.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The main file first, then its imports.
    pub sources: &'a Sources,
    /// What was found, in the order of the text.
    pub diagnostics: &'a [Diagnostic],
}

impl<'a> Report<'a> {
    /// The name of the main file, as people know it.
    fn shown(&self) -> &'a str {
        self.sources.iter().next().map_or("", |(_, file)| file.shown())
    }

    /// The name of the main file, as the user gave it.
    pub(crate) fn name(&self) -> &'a str {
        self.sources.iter().next().map_or("", |(_, file)| file.name())
    }

    /// Each diagnostic with the sources that its places refer to.
    fn each(self) -> impl Iterator<Item = (&'a Diagnostic, &'a Sources)> {
        self.diagnostics.iter().map(move |found| (found, self.sources))
    }
}

/// The fingerprint of each finding of a run, as SARIF and GitLab have it: it stays the same when other lines change. Paths are
/// relative to `root`.
pub fn fingerprints(reports: &[Report], root: Option<&std::path::Path>) -> Vec<Vec<String>> {
    let mut prints = fingerprint::Fingerprints::default();
    let of_report = |report: &Report| -> Vec<String> {
        let found = report.diagnostics.iter().map(|found| {
            let file = found.primary.as_ref().map(|label| report.sources.file(label.span.file).name());
            let name = file.unwrap_or_else(|| report.name());
            let name = root
                .and_then(|root| std::path::Path::new(name).strip_prefix(root).ok()?.to_str())
                .unwrap_or(name);
            prints.next(found, report.sources, name)
        });
        found.collect()
    };
    reports.iter().map(of_report).collect()
}

/// `value` as an indented JSON document with a final line break. Our types serialize without errors of their own.
fn document<T: serde::Serialize>(value: &T) -> String {
    let mut text = shown::json(&serde_json::to_string_pretty(value).unwrap_or_default()).into_owned();
    text.push('\n');
    text
}
