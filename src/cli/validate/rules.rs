//! Which lint rules apply: `--select`, `--ignore`, and the `caddyctl.toml` beside a file or above it.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use caddyctl::check::{self, Facts};
use caddyctl::compile::Compilation;
use caddyctl::diagnostics::{Code, Diagnostic};
use caddyctl::lint::lint;
use caddyctl::lint::settings::Settings;
use caddyctl::source::shown;

use super::seen::Seen;
use crate::cli::fault::Fault;

/// The settings that stand in files of this name.
const FILE: &str = "caddyctl.toml";

/// The arguments that choose rules.
#[derive(Debug, Default, clap::Args)]
pub struct Rules {
    /// Only these lint rules, by code, beginning of a code, or name, such as C001 or S; see `caddyctl explain`.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// All but these lint rules; warnings of the compiler such as W0001 can be left out too.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
}

/// Settings, and the folder that their paths start from.
pub struct Chosen {
    settings: Settings,
    folder: Option<PathBuf>,
    root: PathBuf,
}

impl Rules {
    /// The rules for the file `path`, which is seen from `root`.
    pub fn choose(&self, path: &Path, root: &Path, seen: &Seen) -> anyhow::Result<Chosen> {
        let mut chosen = Chosen { settings: Settings::default(), folder: None, root: root.to_owned() };
        let path = root.join(path);
        for folder in path.ancestors().skip(1) {
            let file = folder.join(FILE);
            seen.file(&file);
            let text = match std::fs::read_to_string(&file) {
                Ok(text) => text,
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    continue;
                }
                // A folder above may well be closed; only the file's own must be readable.
                Err(error)
                    if error.kind() == ErrorKind::PermissionDenied && Some(folder) != path.parent() =>
                {
                    continue;
                }
                Err(error) => return Err(Fault::unreadable(&file, &error).into()),
            };
            chosen.settings = Settings::parse(&text).map_err(|error| {
                let why = error.to_string();
                Fault::world(format!("{}: {}", shown::path(&file), why.trim_end())).help(
                    "`caddyctl explain` lists the rules; [lint] has select, ignore, severity and per-path",
                )
            })?;
            chosen.folder = Some(folder.to_owned());
            break;
        }
        if !self.select.is_empty() {
            chosen.settings.select.clone_from(&self.select);
        }
        chosen.settings.ignore.extend(self.ignore.iter().cloned());
        chosen.settings.check().map_err(|error| {
            Fault::world(error.to_string()).help("run `caddyctl explain` to list them all")
        })?;
        Ok(chosen)
    }
}

impl Chosen {
    /// What Caddy would find when it provisions the configuration, and what the rules find.
    pub fn find(
        &self,
        compilation: &Compilation,
        facts: Option<&dyn Facts>,
    ) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let provisioned = check::of(compilation, facts);
        let mut linted = lint(compilation, |rule| self.settings.selects(rule));
        for finding in &mut linted {
            self.settings.weigh(finding);
        }
        (provisioned, linted)
    }

    /// Adds what the rules found, and drops what is ignored.
    pub fn add(&self, found: Vec<Diagnostic>, compilation: &mut Compilation) {
        let Compilation { sources, diagnostics, .. } = compilation;
        // A rule says more of an old form than the compiler's warning, with its own page and edit.
        let place = |found: &Diagnostic| found.primary.as_ref().map(|label| label.span);
        let old: HashSet<_> =
            found.iter().filter(|found| found.code.id.starts_with('D')).map(place).collect();
        diagnostics.retain(|warning| warning.code != Code::DEPRECATED || !old.contains(&place(warning)));
        diagnostics.extend(found);
        diagnostics.retain(|finding| {
            let name = finding.primary.as_ref().map(|label| sources.file(label.span.file).name());
            self.settings.keeps(finding, name.and_then(|name| self.relative(name)).as_deref())
        });
        diagnostics
            .sort_by_key(|found| found.primary.as_ref().map(|label| (label.span.file, label.span.start)));
    }

    /// The path of a file as the settings see it.
    fn relative(&self, name: &str) -> Option<PathBuf> {
        let path = self.root.join(name);
        let folder = self.folder.as_ref()?;
        path.strip_prefix(folder).ok().map(Path::to_owned)
    }
}
