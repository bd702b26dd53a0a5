//! What is wrong with the open files: each is compiled with the Caddyfile that imports it, or by itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use caddyctl_analysis::advisories;
use caddyctl_analysis::check::name_unset_first;
use caddyctl_host::Bounded;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::directives;
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Env, FileId, Loader};

use super::documents::Documents;
use crate::cli::provision;
use crate::cli::reach::make_discreet;
use crate::cli::validate::rules::{Chosen, Rules};
use crate::cli::validate::seen::Seen;
use crate::cli::with::{Known, Plugins};

/// The file that a folder's others belong to.
const MAIN: &str = "Caddyfile";

/// What was found in the open files and those they belong to.
#[derive(Debug, Default)]
pub struct Analysis {
    roots: Vec<Compilation>,
    /// Each compiled file's place in `roots`, and the numbers of the findings there.
    files: BTreeMap<PathBuf, Vec<Part>>,
    /// Settings that cannot be used, each in a sentence.
    unusable: BTreeSet<String>,
    /// Settings that leave something out, each in a sentence.
    left_out: BTreeSet<String>,
}

/// A file in one compilation.
#[derive(Debug)]
struct Part {
    root: usize,
    file: FileId,
    findings: Vec<usize>,
}

impl Analysis {
    /// Compiles and checks what is open.
    pub fn of(documents: &Documents, env: &Env, plugins: &Plugins, isolated: bool) -> Self {
        let mut analysis = Self::default();
        let mut roots: Vec<(PathBuf, Compilation)> = Vec::new();
        let mut imported: HashSet<PathBuf> = HashSet::new();
        for path in candidates(documents) {
            let Some(compilation) = analysis.check(&path, documents, env, (plugins, isolated)) else {
                continue;
            };
            let others =
                compilation.sources.iter().skip(1).map(|(_, file)| documents.base().join(file.name()));
            imported.extend(others);
            roots.push((path, compilation));
        }
        // What another file imports means nothing by itself.
        roots.retain(|(path, _)| !imported.contains(path));
        for (number, (_, compilation)) in roots.into_iter().enumerate() {
            for (file, source) in compilation.sources.iter() {
                let here = |found: &Diagnostic| match &found.primary {
                    Some(label) => label.span.file == file,
                    None => file == FileId::default(),
                };
                let numbered = compilation.diagnostics.iter().enumerate();
                let findings = numbered.filter(|(_, found)| here(found)).map(|(number, _)| number).collect();
                let path = documents.base().join(source.name());
                analysis.files.entry(path).or_default().push(Part { root: number, file, findings });
            }
            analysis.roots.push(compilation);
        }
        analysis
    }

    /// The compilation of a file with what was found in it. Settings that cannot be used are noted, and all rules apply.
    fn check(
        &mut self,
        path: &Path,
        documents: &Documents,
        env: &Env,
        (plugins, isolated): (&Plugins, bool),
    ) -> Option<Compilation> {
        let text = documents.read(path).ok()?;
        let within = Bounded::by_project(documents, path, &documents.allowed);
        let known = plugins.known(path, isolated, &mut |_| ()).unwrap_or_else(|error| {
            self.unusable.insert(error.to_string());
            Known::stock(plugins.caddy.named().unwrap_or_default())
        });
        let mut compilation = compile_with(&known.registry, &path.to_string_lossy(), &text, env, &within);
        known.judge(&mut compilation.diagnostics);
        let chosen = Rules::all(isolated).choose(path, documents.base(), &Seen::default()).or_else(|error| {
            self.unusable.insert(error.to_string());
            Rules::all(true).choose(path, documents.base(), &Seen::default())
        });
        if let Ok(chosen) = chosen {
            if let Some(file) = chosen.settings_file() {
                self.left_out.insert(format!("{} {}", file.path, file.left_out));
            }
            let (provisioned, linted) = chosen.find(&compilation, None);
            provision::add(provisioned, &mut compilation);
            Chosen::add(linted, &mut compilation);
            if let Ok(Some(version)) = plugins.named(path, isolated) {
                provision::add(advisories::warnings(&compilation, version), &mut compilation);
            }
            name_unset_first(&compilation.sources, &mut compilation.diagnostics);
            chosen.settle(&mut compilation);
        }
        make_discreet(&mut compilation, Audience::Editor);
        Some(compilation)
    }

    /// The words that are known in a file.
    pub fn known(&self, path: &Path) -> Arc<Registry> {
        match self.files.get(path).and_then(|parts| parts.first()) {
            Some(part) => Arc::clone(&self.roots[part.root].directives),
            None => Arc::clone(directives::stock()),
        }
    }

    /// The words that are known in one of the files.
    pub fn known_anywhere(&self) -> Arc<Registry> {
        let with_plugins = self.roots.iter().map(|root| &root.directives);
        let mut with_plugins = with_plugins.filter(|known| !Arc::ptr_eq(known, directives::stock()));
        Arc::clone(with_plugins.next().unwrap_or_else(|| directives::stock()))
    }

    /// Settings that cannot be used, each in a sentence.
    pub fn unusable(&self) -> &BTreeSet<String> {
        &self.unusable
    }

    /// Settings that leave something out, each in a sentence.
    pub fn left_out(&self) -> &BTreeSet<String> {
        &self.left_out
    }

    /// Every file that was read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    /// What was found in a file, with the compilation that has the locations; nothing twice.
    pub fn findings(&self, path: &Path) -> Vec<(&Compilation, &Diagnostic)> {
        let mut seen = HashSet::new();
        let parts = self.files.get(path).into_iter().flatten();
        let all = parts.flat_map(|part| {
            let root = &self.roots[part.root];
            part.findings.iter().map(move |number| (root, &root.diagnostics[*number]))
        });
        all.filter(|(_, found)| {
            seen.insert((
                found.code.id,
                found.message.as_str(),
                found.primary.as_ref().map(|label| label.span.range()),
            ))
        })
        .collect()
    }

    /// The text of a file as it was read.
    pub fn text(&self, path: &Path) -> Option<&str> {
        let part = self.files.get(path)?.first()?;
        Some(self.roots[part.root].sources.file(part.file).text())
    }

    /// Whether a file lies outside the project of a Caddyfile that imports it.
    pub fn is_outside(&self, path: &Path) -> bool {
        let parts = self.files.get(path).into_iter().flatten();
        parts.into_iter().any(|part| self.roots[part.root].sources.file(part.file).is_outside())
    }

    /// The snippets that can be imported in a file, with the file and the bytes of their names.
    pub fn snippets(&self, path: &Path) -> Vec<(&str, PathBuf, std::ops::Range<usize>)> {
        let mut found = Vec::new();
        for root in self.files.get(path).into_iter().flatten().map(|part| &self.roots[part.root]) {
            for snippet in &root.snippets {
                let key = &snippet.key;
                let name = key.text.trim_start_matches('(').trim_end_matches(')');
                let file = root.sources.file(key.span.file).name();
                found.push((name, PathBuf::from(file), key.span.range()));
            }
        }
        found
    }
}

/// The open files, and the Caddyfiles that they may belong to: those of their folder and the folders above it.
fn candidates(documents: &Documents) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for path in documents.paths() {
        all.insert(path.to_owned());
        let folders = path.ancestors().skip(1).take(4);
        all.extend(folders.map(|folder| folder.join(MAIN)).filter(|main| documents.exists(main)));
    }
    all
}
