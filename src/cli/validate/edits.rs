//! `--fix`, `--unsafe-fixes` and `--diff`: the edits that findings propose, written to the files or shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caddyctl::compile::Compilation;
use caddyctl::lint::fix::{Fixed, fix};
use caddyctl::source::{shown, work_tree};
use similar::TextDiff;

use crate::cli::fault::{self, Fault};
use crate::cli::{input, overwrite, paths, print};

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
    pub fn write(&self, compilations: &[Compilation], scope: &Scope) -> anyhow::Result<bool> {
        let fixed = self.collect(compilations, scope);
        let mut mended = 0;
        for (path, (old, new)) in &fixed {
            overwrite::overwrite(path, scope.root_of(path).as_deref(), old.as_bytes(), new.text.as_bytes())?;
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
    pub fn show(&self, compilations: &[Compilation], scope: &Scope) -> anyhow::Result<bool> {
        let fixed = self.collect(compilations, scope);
        for (path, (old, new)) in &fixed {
            let name = shown::path(path).to_string();
            let diff = TextDiff::from_lines(*old, new.text.as_str());
            let diff = diff.unified_diff().context_radius(3).header(&name, &name).to_string();
            print::stdout(shown::unified(&diff))?;
        }
        Ok(!fixed.is_empty())
    }

    /// The new texts, by path. A file that several others import is edited by what the first of them found. Those outside
    /// of `scope` are left alone, which is said on standard error.
    fn collect<'a>(
        &self,
        compilations: &'a [Compilation],
        scope: &Scope,
    ) -> BTreeMap<PathBuf, (&'a str, Fixed)> {
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
        all.retain(|path, _| {
            let holds = scope.holds(path);
            if !holds {
                let message =
                    format!("{} is left alone: it lies outside of what was given", shown::path(path));
                let fault = Fault::input(message).help("name the file itself to have it edited");
                fault::report(&fault.into());
            }
            holds
        });
        all
    }
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
    /// meant when none is named may be a link that came with its git work tree.
    pub fn of(inputs: &[PathBuf], is_default: bool) -> Self {
        if is_default
            && let Some(top) = input::working_directory().ok().and_then(|here| work_tree::top_of(&here))
        {
            return Self { named: Vec::new(), roots: vec![top] };
        }
        let (folders, files): (Vec<_>, Vec<_>) = inputs.iter().partition(|path| path.is_dir());
        let mut roots: Vec<PathBuf> =
            folders.into_iter().filter_map(|path| path.canonicalize().ok()).collect();
        roots.extend(files.iter().filter_map(|path| paths::project(path)));
        Self { named: files.into_iter().filter_map(|path| path.canonicalize().ok()).collect(), roots }
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
