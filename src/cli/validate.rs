//! `caddyctl validate`: every fault of every file, and nothing else.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl::check::{Disk, Facts, unset_variables};
use caddyctl::compile::{Compilation, compile};
use caddyctl::diagnostics::Severity;
use caddyctl::diagnostics::render::Report;

use super::environment::Environment;
use super::fault::Fault;
use super::{input, paths, print, provision};

mod build;
mod edits;
mod format;
pub(super) mod rules;

/// Arguments of `caddyctl validate`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Caddyfiles, and folders to search for them; `-` reads standard input. Without any, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    paths: Vec<PathBuf>,
    /// The Caddyfile, as `caddy validate` takes it.
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// The form of the input; there is only `caddyfile`.
    #[arg(short, long, value_parser = ["caddyfile"], value_name = "NAME", hide = true)]
    adapter: Option<String>,
    #[command(flatten)]
    environment: Environment,
    /// Also look at this machine: certificates, keys and trust pools that are named, folders of logs. Without it, what
    /// needs that is listed as a note.
    #[arg(long)]
    check_files: bool,
    /// Ask this Caddy for its modules: a plugin that it has is no fault, and what the plugin reads is not checked.
    #[arg(long, value_name = "PROGRAM")]
    caddy: Option<PathBuf>,
    /// How to show the faults.
    #[arg(long, value_enum, default_value_t)]
    format: format::Format,
    /// The name that standard input goes by in messages, and whose folder its imports start from.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// The mildest severity that fails the run.
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    deny: format::Level,
    #[command(flatten)]
    rules: rules::Rules,
    #[command(flatten)]
    edits: edits::Edits,
}

const HELP: &str = "Examples:
  caddyctl validate
  caddyctl validate /etc/caddy/Caddyfile --envfile /etc/caddy/env
  caddyctl validate --check-files --config /etc/caddy/Caddyfile
  caddyctl validate --caddy /usr/bin/caddy
  caddyctl validate --deny warning sites/
  caddyctl validate --format sarif . > faults.sarif
  caddyctl validate --stdin-filename Caddyfile - < draft
  caddyctl validate --select S,C001 --ignore insecure-upstream
  caddyctl validate --unsafe-fixes --diff

In a folder, every file called Caddyfile or Caddyfile.*, or ending in .caddyfile, is checked; files that another \
of them imports are checked where they are imported. Nothing is written but with --fix, no log is opened, no network \
is used.

What Caddy accepts and was hardly meant is found by lint rules; `caddyctl explain` lists them. A comment \
`# caddyctl: allow C001 reason` on a line or above it allows what is found there. The first `caddyctl.toml` beside the \
file or above it may hold a [lint] table: select, ignore, severity and per-path.

Exit status: 0 nothing at or above the --deny level; 1 there is; 2 wrong usage, or a file cannot be read.";

/// Checks all files and prints what was found.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = input::working_directory()?;
    if args.edits.writes() && args.inputs().iter().any(|path| path == Path::new(input::STDIN)) {
        let fault = Fault::world("standard input cannot be rewritten");
        return Err(fault.help("name the file, or add --diff to see the edits").into());
    }
    let mut compilations = args.check_all(&root)?;
    if args.edits.shows() {
        return Ok(ExitCode::from(u8::from(args.edits.show(&compilations)?)));
    }
    if args.edits.writes() && args.edits.write(&compilations)? {
        compilations = args.check_all(&root)?;
    }
    leave_out_repeated(&mut compilations);
    let reports: Vec<Report> = compilations
        .iter()
        .map(|found| Report { sources: &found.sources, diagnostics: &found.diagnostics })
        .collect();
    print::stdout(args.format.render(&reports, &root))?;
    let worst = reports.iter().flat_map(|report| report.diagnostics).map(|found| found.severity).max();
    let denied = worst >= Some(Severity::from(args.deny));
    Ok(ExitCode::from(u8::from(denied)))
}

impl Args {
    /// Compiles and checks all files; without those that only others mean.
    fn check_all(&self, root: &Path) -> anyhow::Result<Vec<Compilation>> {
        let env = self.environment.read()?;
        let disk = input::disk()?;
        let build = self.caddy.as_deref().map(build::Build::ask).transpose()?;
        let machine = self.check_files.then(|| {
            let disk = Disk::new(root.to_owned(), env.clone());
            match &build {
                Some(build) => disk.with_modules(build.modules.clone()),
                None => disk,
            }
        });
        let mut checked = Vec::new();
        for path in paths::expand(&self.inputs())? {
            let text = input::read(&path.path)?;
            let name = self.name(&path.path);
            let rules = self.rules.choose(name, root)?;
            let mut compilation = compile(&name.to_string_lossy(), &text, &env, &disk);
            provision::check(&mut compilation, machine.as_ref().map(|machine| machine as &dyn Facts));
            rules.lint(&mut compilation);
            if let Some(build) = &build {
                build.judge(&mut compilation.diagnostics);
            }
            // What an unset variable brings about is hard to read without knowing of it, so it comes first.
            compilation.diagnostics.splice(0..0, unset_variables(&compilation.sources));
            checked.push((path, compilation));
        }
        leave_out_imported(&mut checked);
        Ok(checked.into_iter().map(|(_, compilation)| compilation).collect())
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
        !found.in_folder || absolute(&found.path).is_none_or(|path| !imported.contains(&path))
    });
}

/// Drops a fault that an earlier file reported already, word for word at the same place: two files may import a third.
fn leave_out_repeated(compilations: &mut [Compilation]) {
    let mut seen = HashSet::new();
    for Compilation { sources, diagnostics, .. } in compilations {
        let mut kept = std::mem::take(diagnostics);
        kept.retain(|found| match &found.primary {
            Some(label) => seen.insert((sources.place(label.span), found.code.id, found.message.clone())),
            None => true,
        });
        *diagnostics = kept;
    }
}
