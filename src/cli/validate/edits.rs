//! `--fix`, `--unsafe-fixes` and `--diff`: the edits that findings propose, written to the files or shown.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use caddyctl_analysis::lint::fix::{Fixed, fix};
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::Applicability;
use caddyctl_language::source::shown;
use similar::TextDiff;

use crate::cli::fault::{self, Fault};
use crate::cli::{input, os, overwrite, paths, print};

/// The arguments that choose edits.
#[derive(Debug, clap::Args)]
pub struct Edits {
    /// Apply the safe fixes to the files, and report the remaining findings.
    #[arg(long)]
    fix: bool,
    /// Apply the safe fixes, and fixes that may change what the file does; review them first with --diff.
    #[arg(long)]
    unsafe_fixes: bool,
    /// Print the fixes as a unified diff instead of writing them. The exit status is 1 if there are any, and 2 if a file
    /// would be skipped.
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

    /// Writes the edits to the files; returns whether all were made.
    pub fn write(&self, compilations: &[Compilation], scope: &Scope) -> bool {
        let Found { fixed, mut left_alone } = self.collect(compilations, scope);
        let (mut findings, mut files) = (0, 0);
        for (path, (old, new)) in &fixed {
            let root = scope.root_of(path);
            match overwrite::overwrite(path, root.as_deref(), old.as_bytes(), new.text.as_bytes()) {
                Ok(()) => (findings, files) = (findings + new.findings, files + 1),
                Err(error) => {
                    fault::report(&error);
                    left_alone = true;
                }
            }
        }
        if findings > 0 {
            let plural = |count, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            let (findings, files) = (plural(findings, "finding"), plural(files, "file"));
            print::stderr(format!("fixed {findings} in {files}\n"));
        }
        !left_alone
    }

    /// Prints the edits as a unified diff; returns the exit status.
    pub fn show(&self, compilations: &[Compilation], scope: &Scope) -> anyhow::Result<u8> {
        let Found { fixed, left_alone } = self.collect(compilations, scope);
        for (path, (old, new)) in &fixed {
            let name = shown::path(path);
            let diff = TextDiff::from_lines(*old, new.text.as_str());
            let diff = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
            print::stdout(shown::unified(&diff))?;
        }
        Ok(if left_alone { 2 } else { u8::from(!fixed.is_empty()) })
    }

    /// The new texts, by path. A file that several others import is edited by what the first of them found. Those outside
    /// of `scope`, and those that cannot be written back, are left alone, which is reported on standard error.
    fn collect<'a>(&self, compilations: &'a [Compilation], scope: &Scope) -> Found<'a> {
        let mut fixed = BTreeMap::new();
        for Compilation { sources, diagnostics, .. } in compilations {
            let most = if self.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
            for (file, new) in fix(sources, diagnostics, most) {
                let file = sources.file(file);
                fixed.entry(PathBuf::from(file.name())).or_insert((file.text(), new));
            }
        }
        let before = fixed.len();
        fixed.retain(|path, (text, _)| {
            let (why, help) = if path.symlink_metadata().is_err() {
                // The name of a source is text.
                ("its name is not UTF-8", "give the file another name")
            } else if !scope.holds(path) {
                (
                    "it is outside the given files and folders",
                    "to edit it, name the file itself, or add --imports",
                )
            } else if text.contains('\u{FFFD}') {
                // The text is not what the file has where its bytes are no UTF-8.
                ("it is not UTF-8, or has the character U+FFFD", "convert it to UTF-8, or edit it by hand")
            } else {
                return true;
            };
            let fault = Fault::system(format!("{} is skipped: {why}", shown::path(path)));
            fault::report(&fault.help(help).into());
            false
        });
        let left_alone = fixed.len() < before;
        // A file of several names, by links, is edited once.
        let mut seen = HashSet::new();
        fixed.retain(|path, _| path.metadata().map_or(true, |found| seen.insert(os::identity(path, &found))));
        Found { fixed, left_alone }
    }
}

/// The new texts of files, with the old ones.
struct Found<'a> {
    fixed: BTreeMap<PathBuf, (&'a str, Fixed)>,
    /// Whether other files have edits, too, that are not made.
    left_alone: bool,
}

/// The files that may be edited: those that were named, and all in the folders that were given, or in the projects of the
/// files. What they import from elsewhere belongs to others.
#[derive(Debug)]
pub struct Scope {
    named: Vec<PathBuf>,
    roots: Vec<PathBuf>,
}

impl Scope {
    /// The scope of what the command line gives. A link that is named stands for the file that it leads to; the file that is
    /// meant when none is named may be a link that came with its folder.
    pub fn of(inputs: &[PathBuf], is_default: bool) -> Self {
        if is_default {
            let here = input::working_directory().ok().and_then(|here| here.canonicalize().ok());
            return Self { named: Vec::new(), roots: here.map(paths::around).into_iter().collect() };
        }
        let (folders, files): (Vec<_>, Vec<_>) = inputs.iter().partition(|path| path.is_dir());
        let mut roots: Vec<PathBuf> =
            folders.into_iter().filter_map(|path| path.canonicalize().ok()).collect();
        roots.extend(files.iter().filter_map(|path| paths::project(path)));
        Self { named: files.into_iter().filter_map(|path| path.canonicalize().ok()).collect(), roots }
    }

    /// The scope with further files.
    pub fn with<'p>(mut self, files: impl Iterator<Item = &'p Path>) -> Self {
        self.named.extend(files.filter_map(|path| path.canonicalize().ok()));
        self
    }

    fn holds(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|real| self.named.contains(&real)) || self.root_of(path).is_some()
    }

    /// The folder that `path` must lie in when it is written; `None` when it was named.
    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let real = path.canonicalize().ok().filter(|real| !self.named.contains(real))?;
        self.roots.iter().find(|root| real.starts_with(root)).cloned()
    }
}
