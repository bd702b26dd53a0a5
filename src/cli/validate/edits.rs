//! `--fix`, `--unsafe-fixes` and `--diff`: the edits that findings propose, written to the files or shown.

use std::collections::BTreeMap;
use std::path::PathBuf;

use caddyctl::compile::Compilation;
use caddyctl::lint::fix::{Fixed, fix};
use caddyctl::source::shown;
use similar::TextDiff;

use crate::cli::{overwrite, print};

/// The arguments that choose edits.
#[derive(Debug, clap::Args)]
pub struct Edits {
    /// Write the edits that keep the meaning to the files, and report what is left.
    #[arg(long)]
    fix: bool,
    /// Write also the edits that change the meaning; look at them first with --diff.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show the edits as a unified diff instead of writing them; exits with 1 when there are any.
    #[arg(long)]
    diff: bool,
}

impl Edits {
    /// Whether files are to be rewritten.
    pub fn writes(&self) -> bool {
        (self.fix || self.unsafe_fixes) && !self.diff
    }

    /// Whether the edits are to be shown instead of the faults.
    pub fn shows(&self) -> bool {
        self.diff
    }

    /// Writes the edits to the files; returns whether any was changed.
    pub fn write(&self, compilations: &[Compilation]) -> anyhow::Result<bool> {
        let fixed = self.collect(compilations);
        let mut mended = 0;
        for (path, (_, new)) in &fixed {
            overwrite::overwrite(path, new.text.as_bytes())?;
            mended += new.mended;
        }
        if mended > 0 {
            let plural = |count, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            let (findings, files) = (plural(mended, "finding"), plural(fixed.len(), "file"));
            print::stderr(format!("mended {findings} in {files}\n"));
        }
        Ok(!fixed.is_empty())
    }

    /// Prints the edits as a unified diff; returns whether there are any.
    pub fn show(&self, compilations: &[Compilation]) -> anyhow::Result<bool> {
        let fixed = self.collect(compilations);
        for (path, (old, new)) in &fixed {
            let name = shown::path(path).to_string();
            let diff = TextDiff::from_lines(*old, new.text.as_str());
            let diff = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
            print::stdout(shown::unified(&diff))?;
        }
        Ok(!fixed.is_empty())
    }

    /// The new texts, by path. A file that several others import is edited by what the first of them found.
    fn collect<'a>(&self, compilations: &'a [Compilation]) -> BTreeMap<PathBuf, (&'a str, Fixed)> {
        let mut all = BTreeMap::new();
        for Compilation { sources, diagnostics, .. } in compilations {
            for (file, new) in fix(sources, diagnostics, self.unsafe_fixes) {
                let file = sources.file(file);
                // Bytes that are not UTF-8 cannot be written back as they were.
                if !file.text().contains('\u{FFFD}') {
                    all.entry(PathBuf::from(file.name())).or_insert((file.text(), new));
                }
            }
        }
        all
    }
}
