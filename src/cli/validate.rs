//! `caddyctl validate`: every fault of every file, and nothing else.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::advisories;
use caddyctl_analysis::check::{Facts, name_unset_first};
use caddyctl_analysis::lint;
use caddyctl_host::Bounded;
use caddyctl_host::Machine;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::diagnostics::render::Report;
use caddyctl_language::diagnostics::{Code, Diagnostic, SettingsFile, Severity};
use caddyctl_language::source::{Sources, shown};

use super::environment::{Environment, SERVICE_EXAMPLE};
use super::fault::Fault;
use super::limits::Raise;
use super::paths::FOLDER;
use super::reach::{Reach, make_discreet};
use super::with::{EXAMPLE as BUILD_EXAMPLE, Plugins};
use super::{fault, input, paths, print, provision};

mod baseline;
mod edits;
mod format;
mod json;
mod output;
pub(super) mod rules;
pub(super) mod seen;
mod sets;
pub(super) mod watch;

use seen::{Looking, Reading, Seen};
use watch::Verdict;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Report all errors and probable mistakes in Caddyfiles";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = help())]
pub struct Args {
    /// Caddyfiles, and folders to search for them; `-` reads standard input. Without any, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    paths: Vec<PathBuf>,
    /// The Caddyfile (the same option as in `caddy validate`).
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// The format of the input; only `caddyfile` is supported.
    #[arg(short, long, value_parser = ["caddyfile"], value_name = "NAME", hide = true)]
    adapter: Option<String>,
    /// Also check the files of this machine: certificates, keys, trust pools, log folders and ports. Without it, a
    /// note lists the settings that were not checked.
    #[arg(long)]
    check_files: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: format::Format,
    /// Treat standard input as the content of this file: messages show its name, and imports are relative to its folder.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// The findings that make the exit status 1.
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    deny: format::Level,
    /// Check again when a file changes that the check has read: Caddyfiles, imports, environment files, caddyctl.toml, and
    /// with --check-files certificates. Ctrl-C ends it with the exit status of the last check.
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes", "diff"])]
    watch: bool,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    plugins: Plugins,
    #[command(flatten, next_help_heading = "Environment")]
    environment: Environment,
    #[command(flatten, next_help_heading = "Environment")]
    sets: sets::Sets,
    #[command(flatten, next_help_heading = "Files")]
    selection: paths::Selection,
    #[command(flatten, next_help_heading = "Files")]
    reach: Reach,
    #[command(flatten, next_help_heading = "Lint rules")]
    rules: rules::Rules,
    #[command(flatten, next_help_heading = "Lint rules")]
    baseline: baseline::Arguments,
    #[command(flatten, next_help_heading = "Output")]
    output: output::Output,
    #[command(flatten, next_help_heading = "Fixes")]
    edits: edits::Edits,
    /// With --fix or --unsafe-fixes, also edit imported files that are outside of the project.
    #[arg(long)]
    imports: bool,
}

fn help() -> String {
    format!(
        "Examples:
  caddyctl validate
  caddyctl validate /etc/caddy/Caddyfile --envfile /etc/caddy/env
  caddyctl validate --check-files --config /etc/caddy/Caddyfile
{BUILD_EXAMPLE}  caddyctl validate --deny warning sites/
  caddyctl validate --format sarif . > results.sarif
  caddyctl validate --stdin-filename Caddyfile - < draft
  caddyctl validate --select S,C001 --ignore unverified-upstream
  caddyctl validate --unsafe-fixes --diff
{SERVICE_EXAMPLE}  caddyctl validate --env-set staging=staging.env --env-set production=production.env
  caddyctl validate --watch --envfile .env

validate needs no Caddy and no network. It changes no file without --fix or --unsafe-fixes, and does not open the log \
files of the configuration.

{FOLDER} If one of these files imports another, the imported file is checked as part of it, not on its own.

Lint rules report configurations that are valid but probably unintended; `caddyctl explain` lists the rules. To silence \
a rule at one line, write a comment such as `# caddyctl: allow C001 reason` on that line or the line above. To change \
the rules of a project, add a file caddyctl.toml next to the Caddyfile or in a parent folder, for example:
  [lint]
  ignore = [\"R022\"]
  severity = {{ C001 = \"error\" }}
  per-path = {{ \"legacy\" = [\"D\"] }}   # ignore these rules in files and folders of this name
validate prints how many rules the file turns off.

Exit status: 0 no findings that --deny selects; 1 such findings; 2 usage error, a file cannot be read, or --fix \
skipped a file."
    )
}

/// Checks all files and prints what was found.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = input::working_directory()?;
    if args.inputs().iter().any(|path| path == Path::new(input::STDIN)) {
        if args.edits.writes() {
            let fault = Fault::system("cannot rewrite standard input");
            return Err(fault.help("name the file, or add --diff to see the edits").into());
        }
        if args.watch {
            let fault = Fault::system("standard input cannot be watched: it is read once");
            return Err(fault.help("name the file").into());
        }
    }
    if args.output.show_files || args.output.show_settings {
        return args.show(&root);
    }
    if args.watch {
        return watch::watch(&root, args.format.is_text(), |seen| args.verdict(&root, seen));
    }
    if args.edits.shows() {
        let Checked { compilations, .. } = args.check_all(&root, &Seen::default(), None)?;
        return Ok(ExitCode::from(args.edits.show(&compilations, &args.scope(&compilations))?));
    }
    let mut is_fixed = true;
    if args.edits.writes() {
        let Checked { compilations, .. } = args.check_all(&root, &Seen::default(), None)?;
        is_fixed = args.edits.write(&compilations, &args.scope(&compilations));
    }
    let Verdict { text, status } = args.verdict(&root, &Seen::default())?;
    if let Some(path) = &args.output.file {
        std::fs::write(path, text).map_err(|error| Fault::unwritable(path, &error))?;
    } else if args.output.quiet {
    } else if args.format.is_text() {
        print::stdout_styled(text)?;
    } else {
        print::data(text)?;
    }
    Ok(ExitCode::from(if is_fixed { status } else { 2 }))
}

/// What was found, and the settings that left something out.
struct Checked {
    compilations: Vec<Compilation>,
    settings: Vec<SettingsFile>,
    /// What a user should know of the definitions of plugins.
    warnings: BTreeSet<String>,
    /// What the lint rules did not look at, each in a sentence.
    unlinted: Vec<String>,
    /// How many of several files could not be read.
    unread: usize,
}

impl Args {
    /// Checks all files; notes in `seen` what was read.
    fn verdict(&self, root: &Path, seen: &Seen) -> anyhow::Result<Verdict> {
        let audience = Some(self.format.audience());
        let Checked { mut compilations, settings, warnings, unlinted, unread } =
            self.check_all(root, seen, audience)?;
        leave_out_needed(&mut compilations);
        leave_out_repeated(&mut compilations);
        self.baseline.apply(&mut compilations, root)?;
        let reports: Vec<Report> = compilations
            .iter()
            .map(|found| Report { sources: &found.sources, diagnostics: &found.diagnostics })
            .collect();
        let worst = reports.iter().flat_map(|report| report.diagnostics).map(|found| found.severity).max();
        let is_excused = self.output.exit_zero || self.baseline.writes();
        let denied = worst >= Some(Severity::from(self.deny)) && !is_excused;
        let mut text = if self.output.statistics {
            output::statistics(&reports)
        } else {
            self.format.render(&reports, &settings, root)
        };
        let settings = settings.iter().map(|file| format!("{} {}", file.path, file.sentence()));
        let mut notes: String = settings.chain(unlinted).map(|note| format!("note: {note}\n")).collect();
        notes.extend(warnings.iter().map(|warning| format!("warning: {warning}\n")));
        // With --watch, standard error would be cleared with the screen.
        if self.watch && self.format.is_text() {
            text.push_str(&notes);
        } else if !notes.is_empty() && !self.output.quiet {
            print::stderr(notes);
        }
        Ok(Verdict { text, status: if unread > 0 { 2 } else { u8::from(denied) } })
    }

    /// Prints which files would be checked, or with which settings.
    fn show(&self, root: &Path) -> anyhow::Result<ExitCode> {
        let files = paths::expand(&self.inputs(), &self.selection, self.rules.isolated)?.files;
        let mut text = String::new();
        for file in files {
            if self.output.show_settings {
                text.push_str(
                    &self.rules.choose(self.name(&file.path), root, &Seen::default())?.shown(&file.path),
                );
            } else {
                text.push_str(&shown::path(&file.path));
                text.push('\n');
            }
        }
        print::stdout(text)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Compiles and checks all files, in each environment; without those that only others mean. What was found is made
    /// fit for its readers; without any it is as it was found.
    fn check_all(&self, root: &Path, seen: &Seen, audience: Option<Audience>) -> anyhow::Result<Checked> {
        let disk = Reading { disk: input::disk(self.raise)?, seen };
        let chosen = self.sets.read(&self.environment, &mut |path| seen.file(&root.join(path)))?;
        let plugins = self.sets.plugins_of_service(&self.plugins);
        let build = plugins.build.ask()?;
        let machine = |env| {
            let facts = Machine::new(root.to_owned(), env);
            let facts = match &build {
                Some(build) => facts.with_modules(build.modules()),
                None => facts,
            };
            Looking { facts, root, seen }
        };
        let (mut checked, mut settings, mut warnings, mut unlinted) =
            (Vec::new(), Vec::new(), BTreeSet::new(), Vec::new());
        let paths::Expanded { files, folders } =
            paths::expand(&self.inputs(), &self.selection, self.rules.isolated)?;
        let (is_several, mut unread) = (files.len() > 1, 0);
        // A new file may come.
        for folder in folders {
            seen.folder(&root.join(folder));
        }
        for path in files {
            if path.path != Path::new(input::STDIN) {
                seen.file(&root.join(&path.path));
            }
            let text = match input::read(&path.path, self.raise) {
                Ok(text) => text,
                Err(error) if is_several => {
                    if audience.is_some() {
                        fault::report(&error);
                    }
                    unread += 1;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let name = self.name(&path.path);
            if json::is_json(name, &text) {
                let machine = self
                    .check_files
                    .then(|| machine(chosen.first().map(|set| set.env.clone()).unwrap_or_default()));
                let facts = machine.as_ref().map(|machine| machine as &dyn Facts);
                let found = json::check(name, &text, facts, self.raise)?;
                checked.push((path, found));
                continue;
            }
            let rules = self.rules.choose(name, root, seen)?;
            if let Some(file) = rules.settings_file().filter(|file| !settings.contains(file)) {
                settings.push(file);
            }
            let isolated = self.rules.isolated;
            let known = plugins.known(&root.join(name), isolated, &mut |file| seen.file(file))?;
            warnings.extend(known.warnings.iter().cloned());
            let version = plugins.named(&root.join(name), isolated)?;
            let disk =
                Bounded::by_project(&disk, name, &self.reach.allow_read).with_maps(&self.reach.maps.all);
            let mut all = Vec::new();
            for sets::Set { env, .. } in &chosen {
                let mut compilation =
                    compile_with(&known.registry, &name.to_string_lossy(), &text, env, &disk);
                let machine = self.check_files.then(|| machine(env.clone()));
                let facts = machine.as_ref().map(|machine| machine as &dyn Facts);
                let (provisioned, linted) = rules.find(&compilation, facts);
                let skipped = lint::skipped(&compilation);
                provision::add(provisioned, &mut compilation);
                rules::Chosen::add(linted, &mut compilation);
                if let Some(version) = version {
                    provision::add(advisories::warnings(&compilation, version), &mut compilation);
                }
                known.judge(&mut compilation.diagnostics);
                // What an unset variable brings about is hard to read without knowing of it, so it comes first.
                name_unset_first(&compilation.sources, &mut compilation.diagnostics);
                rules.settle(&mut compilation);
                // Beside an error it goes without saying that the site is not known as a whole.
                let has_errors = compilation.diagnostics.iter().any(Diagnostic::is_error);
                if let Some(skipped) = skipped.filter(|skipped| skipped.is_all || !has_errors) {
                    let note = skipped_note(&skipped, &compilation);
                    if !unlinted.contains(&note) {
                        unlinted.push(note);
                    }
                }
                if let Some(audience) = audience {
                    make_discreet(&mut compilation, audience);
                }
                all.push(compilation);
            }
            checked.extend(sets::merge(&chosen, all).map(|compilation| (path, compilation)));
        }
        leave_out_imported(&mut checked);
        let compilations = checked.into_iter().map(|(_, compilation)| compilation).collect();
        Ok(Checked { compilations, settings, warnings, unlinted, unread })
    }

    /// The files that may be edited.
    fn scope(&self, compilations: &[Compilation]) -> edits::Scope {
        let scope = edits::Scope::of(&self.inputs(), self.config.is_none() && self.paths.is_empty());
        let sources = compilations.iter().flat_map(|found| found.sources.iter().skip(1));
        scope.with(sources.filter(|_| self.imports).map(|(_, file)| Path::new(file.name())))
    }

    /// What to check, as the user gave it.
    fn inputs(&self) -> Vec<PathBuf> {
        match &self.config {
            Some(config) => vec![config.clone()],
            None if self.paths.is_empty() && self.stdin_filename.is_some() => vec![input::STDIN.into()],
            None if self.paths.is_empty() => vec![input::DEFAULT.into()],
            None => self.paths.clone(),
        }
    }

    /// The name that `path` goes by.
    fn name<'a>(&'a self, path: &'a Path) -> &'a Path {
        match &self.stdin_filename {
            Some(name) if path == Path::new(input::STDIN) => name,
            _ => path,
        }
    }
}

/// Drops files that were only found in a folder and that another one imports: a snippet file means nothing by itself.
fn leave_out_imported(checked: &mut Vec<(paths::Found, Compilation)>) {
    let absolute = |path: &Path| std::fs::canonicalize(path).ok();
    let imported: HashSet<PathBuf> = checked
        .iter()
        .flat_map(|(_, compilation)| compilation.sources.iter().skip(1))
        .filter_map(|(_, file)| absolute(Path::new(file.name())))
        .collect();
    checked.retain(|(found, _)| {
        found.folder.is_none() || absolute(&found.path).is_none_or(|path| !imported.contains(&path))
    });
}

/// What the lint rules did not look at in a file, in a sentence.
fn skipped_note(skipped: &lint::Skipped, compilation: &Compilation) -> String {
    let name = compilation.sources.iter().next().map_or("", |(_, file)| file.shown());
    if skipped.is_all {
        return format!("no lint rule checked {name}: correct its braces first");
    }
    let rules: Vec<&str> = skipped.rules.iter().map(|code| code.id).collect();
    let sites = skipped.sites.iter().take(3).map(|(_, span)| compilation.sources.place(*span));
    let mut sites: Vec<String> = sites.collect();
    if skipped.sites.len() > sites.len() {
        sites.push(format!("{} more", skipped.sites.len() - sites.len()));
    }
    format!(
        "{} did not check {} {}, which {} an unknown directive or an error in {} structure",
        rules.join(", "),
        if sites.len() == 1 { "the site at" } else { "the sites at" },
        sites.join(", "),
        if sites.len() == 1 { "has" } else { "have" },
        if sites.len() == 1 { "its" } else { "their" },
    )
}

/// Drops what is said of a comment that allows nothing in one configuration, where it does in another that imports its
/// file too.
fn leave_out_needed(compilations: &mut [Compilation]) {
    let mut files: HashMap<String, usize> = HashMap::new();
    let mut said: HashMap<String, usize> = HashMap::new();
    let place = |sources: &Sources, found: &Diagnostic| {
        let label = found.primary.as_ref().filter(|_| found.code == Code::SUPPRESSION)?;
        Some((sources.file(label.span.file).name().to_owned(), sources.place(label.span)))
    };
    for Compilation { sources, diagnostics, .. } in &*compilations {
        for (_, file) in sources.iter() {
            *files.entry(file.name().to_owned()).or_default() += 1;
        }
        for (_, place) in diagnostics.iter().filter_map(|found| place(sources, found)) {
            *said.entry(place).or_default() += 1;
        }
    }
    for Compilation { sources, diagnostics, .. } in compilations {
        diagnostics.retain(|found| {
            place(sources, found).is_none_or(|(file, place)| said.get(&place) >= files.get(&file))
        });
    }
}

/// Drops a fault that an earlier file reported already, word for word at the same place: two files may import a third.
fn leave_out_repeated(compilations: &mut [Compilation]) {
    let mut seen = HashSet::new();
    for Compilation { sources, diagnostics, .. } in compilations {
        let mut kept = std::mem::take(diagnostics);
        kept.retain(|found| match &found.primary {
            Some(label) => {
                let (code, words) = found.identity();
                seen.insert((sources.place(label.span), code, words.to_owned()))
            }
            None => true,
        });
        *diagnostics = kept;
    }
}
