//! Which lint rules apply: `--select`, `--ignore`, and the `caddyctl.toml` in a file's folder or above it, which may come from
//! anybody: it can switch rules off, which every run says, and nothing else.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use caddyctl_analysis::check::{self, Facts};
use caddyctl_analysis::lint::lint_all;
use caddyctl_analysis::lint::settings::{Preset, Settings, Unusable};
use caddyctl_analysis::lint::suppress::Suppressions;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Code, Diagnostic, LeftOut, SettingsFile};
use caddyctl_language::source::shown;

use super::seen::Seen;
use crate::cli::completions::candidates;
use crate::cli::fault::Fault;
use crate::cli::settings;

/// The arguments that choose rules.
#[derive(Debug, Default, clap::Args)]
pub struct Rules {
    /// Use only these lint rules, separated by commas. A rule is a code (C001), the start of codes (S), or a name
    /// (unused-matcher). `caddyctl explain` lists them.
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = candidates::rules())]
    select: Vec<String>,
    /// Do not use these lint rules, or compiler warnings such as W0001.
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = candidates::rules())]
    ignore: Vec<String>,
    /// Which rules apply where --select names none: `default`, or `strict` for those that report what is debatable, too.
    #[arg(long, value_enum, value_name = "PRESET")]
    preset: Option<GivenPreset>,
    /// Do not read caddyctl.toml files.
    #[arg(long)]
    pub isolated: bool,
}

/// The value of `--preset`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum GivenPreset {
    /// All rules but those that report what is debatable.
    Default,
    /// All rules.
    Strict,
}

/// Settings, and the folder that their paths start from.
pub struct Chosen {
    settings: Settings,
    folder: Option<PathBuf>,
    root: PathBuf,
    left_out: LeftOut,
}

impl Rules {
    /// All rules, or those that a `caddyctl.toml` chooses.
    pub fn all(isolated: bool) -> Self {
        Self { isolated, ..Self::default() }
    }

    /// The rules for the file `path`, which is seen from `root`.
    pub fn choose(&self, path: &Path, root: &Path, seen: &Seen) -> anyhow::Result<Chosen> {
        let mut chosen = Chosen {
            settings: Settings::default(),
            folder: None,
            root: root.to_owned(),
            left_out: LeftOut::default(),
        };
        if let Some(found) = settings::nearest(&root.join(path), self.isolated, &mut |file| seen.file(file))?
        {
            chosen.settings = found.settings.lint;
            let mut given = chosen.settings.clone();
            if !self.select.is_empty() {
                given.select.clear();
            }
            chosen.left_out = given.left_out();
            chosen.folder = Some(found.folder);
        }
        if !self.select.is_empty() {
            chosen.settings.select.clone_from(&self.select);
        }
        match self.preset {
            Some(GivenPreset::Default) => chosen.settings.preset = Preset::Default,
            Some(GivenPreset::Strict) => chosen.settings.preset = Preset::Strict,
            None => {}
        }
        chosen.settings.ignore.extend(self.ignore.iter().cloned());
        chosen.settings.check().map_err(|error| {
            Fault::system(error.to_string()).help(match error {
                Unusable::Rule(_) => "run `caddyctl explain` to list them all",
                Unusable::Error(_) => "correct what the error reports; warnings and notes can be ignored",
            })
        })?;
        Ok(chosen)
    }
}

impl Chosen {
    /// The settings that leave something out, when there are such.
    pub fn settings_file(&self) -> Option<SettingsFile> {
        let file = self.folder.as_ref().filter(|_| !self.left_out.is_nothing())?.join(settings::FILE);
        let path = file.strip_prefix(&self.root).unwrap_or(&file).to_string_lossy().into_owned();
        Some(SettingsFile { path, left_out: self.left_out })
    }

    /// What Caddy would find when it provisions the configuration, and what the rules find.
    pub fn find(
        &self,
        compilation: &Compilation,
        facts: Option<&dyn Facts>,
    ) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let provisioned = check::of(compilation, facts);
        // The rules for old forms are asked in any case: the compiler warns of the same.
        let mut linted = lint_all(compilation, |rule| self.settings.selects(rule) || is_old_form(rule.code));
        for finding in &mut linted {
            self.settings.weigh(finding);
        }
        (provisioned, linted)
    }

    /// Adds what the rules found.
    pub fn add(found: Vec<Diagnostic>, compilation: &mut Compilation) {
        let diagnostics = &mut compilation.diagnostics;
        // A rule says more of an old form than the compiler's warning, with its own page and edit.
        let place = |found: &Diagnostic| found.primary.as_ref().map(|label| label.span);
        let old: HashSet<_> = found.iter().filter(|found| is_old_form(found.code)).map(place).collect();
        diagnostics.retain(|warning| warning.code != Code::DEPRECATED || !old.contains(&place(warning)));
        diagnostics.extend(found);
    }

    /// Drops what settings or comments leave out, reports comments that leave out nothing, and puts all in the order of
    /// the text. Nothing may be added afterwards.
    pub fn settle(&self, compilation: &mut Compilation) {
        let is_ok = compilation.is_ok();
        let Compilation { sources, diagnostics, .. } = compilation;
        let mut comments = Suppressions::of(sources);
        diagnostics.retain(|finding| {
            let name = finding.primary.as_ref().map(|label| sources.file(label.span.file).name());
            let is_allowed = comments.allow(finding, sources);
            !is_allowed && self.settings.keeps(finding, name.and_then(|name| self.relative(name)).as_deref())
        });
        let mut malformed = comments.findings(|code| is_ok && self.settings.shows(code));
        malformed.retain(|finding| self.settings.keeps(finding, None));
        diagnostics.extend(malformed);
        let place =
            |found: &Diagnostic| found.primary.as_ref().map(|label| (label.span.file, label.span.start));
        diagnostics.sort_by_key(|found| (found.code != Code::UNSET_VARIABLE, place(found)));
    }

    /// The settings in words, as a `caddyctl.toml` has them.
    pub fn shown(&self, file: &Path) -> String {
        let list =
            |words: &[String]| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let from = self.folder.as_ref().map(|folder| folder.join(settings::FILE));
        let from = from.map_or("no caddyctl.toml".to_owned(), shown::path);
        let on: Vec<&str> = caddyctl_analysis::lint::all()
            .filter(|rule| self.settings.selects(rule))
            .map(|rule| rule.code.id)
            .collect();
        format!(
            "# {}: {from}\n[lint]\npreset = \"{}\"\nselect = [{}]\nignore = [{}]\n# rules that apply: {}\n",
            shown::path(file),
            if self.settings.preset == Preset::Strict { "strict" } else { "default" },
            list(&self.settings.select),
            list(&self.settings.ignore),
            on.join(" "),
        )
    }

    /// The path of a file as the settings see it.
    fn relative(&self, name: &str) -> Option<PathBuf> {
        let path = self.root.join(name);
        let folder = self.folder.as_ref()?;
        settings::without_parents(&path).strip_prefix(folder).ok().map(Path::to_owned)
    }
}

/// Whether a rule finds old forms, as the compiler does.
fn is_old_form(code: Code) -> bool {
    code.id.starts_with('D')
}
