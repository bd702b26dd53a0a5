//! `caddyctl fmt`: what `caddy fmt` prints, with its exit status, for any number of files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_host::Bounded;
use caddyctl_language::Version;
use caddyctl_language::compile::compile_with;
use caddyctl_language::source::shown;
use caddyctl_language::syntax::fmt::{difference_for, format_for};

use super::environment::Environment;
use super::fault::Fault;
use super::limits::Raise;
use super::paths::FOLDER;
use super::reach::Maps;
use super::with::Plugins;
use super::{colour, fault, input, overwrite, paths, print};

mod line_diff;
pub(super) mod meaning;
mod template;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Format Caddyfiles like `caddy fmt`";

// The short options are Caddy's.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(about = ABOUT, after_help = help())]
pub struct Args {
    /// Caddyfiles, and folders to search for them; `-` reads standard input. Without any, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    paths: Vec<PathBuf>,
    /// The Caddyfile (the same option as in `caddy fmt`).
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Treat standard input as the content of this file: its name decides which caddyctl.toml applies.
    #[arg(long, value_name = "NAME", conflicts_with = "config")]
    stdin_filename: Option<PathBuf>,
    /// Write the formatted text to the files instead of printing it. Owner, mode and other attributes stay the same. Skips a
    /// file if formatting would change its meaning.
    #[arg(short = 'w', long)]
    overwrite: bool,
    /// Print all lines of the file, and mark the differences with `-` and `+`. It has no effect with --overwrite, as in
    /// `caddy fmt`.
    #[arg(short, long)]
    diff: bool,
    /// Print only the names of files that are not formatted, and the first line that differs.
    #[arg(long, conflicts_with = "overwrite")]
    check: bool,
    /// Also format imported files of the project. Without it, only the given files.
    #[arg(long)]
    imports: bool,
    /// Also write files that are templates of another program, such as those with `{{ … }}` or `{% … %}` outside of quotes,
    /// files in another language, and files with merge conflicts. Without it, --overwrite skips them.
    #[arg(long, requires = "overwrite")]
    force: bool,
    #[command(flatten)]
    plugins: Plugins,
    #[command(flatten)]
    maps: Maps,
    #[command(flatten)]
    selection: paths::Selection,
    /// Do not read caddyctl.toml files.
    #[arg(long)]
    isolated: bool,
}

fn help() -> String {
    format!(
        "Examples:
  caddyctl fmt --overwrite
  caddyctl fmt --check sites/ Caddyfile
  caddyctl fmt --overwrite --imports /etc/caddy/Caddyfile
  caddyctl fmt --diff /etc/caddy/Caddyfile
  caddyctl fmt - < draft
  caddyctl fmt --stdin-filename sites/a.caddy - < draft

The output is the same as that of `caddy fmt`, even for the few files whose meaning the formatting changes. --overwrite \
compiles the file before and after, and skips it if the results differ. Standard input is always formatted to standard \
output, even with --overwrite or --diff, as in `caddy fmt`.

Symbolic links: in a folder, fmt skips links that lead out of it. Without arguments, it skips a Caddyfile that is a link \
out of the git work tree (or out of its folder, if it is not in a work tree). A link that you name is followed.

{FOLDER}

Exit status: 0 all files are formatted, or were written by --overwrite, or the input is standard input; 1 a file is not \
formatted; 2 usage error, or a file cannot be read or written, or was skipped."
    )
}

/// Formats all files.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut files = paths::expand(&args.inputs(), &args.selection, args.isolated)?.files;
    if args.config.is_none() && args.paths.is_empty() {
        files.iter_mut().for_each(paths::Found::stay_in_project);
    }
    if args.imports {
        files = args.with_imports(files)?;
    }
    let (mut differ, mut failed) = (0, 0);
    for file in &files {
        if let Some(fault) = file.leads_out() {
            fault::report(&fault.into());
            failed += 1;
            continue;
        }
        let text = match input::read(&file.path, Raise::default()) {
            Ok(text) => text,
            Err(error) if files.len() > 1 => {
                fault::report(&error);
                failed += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        let version = args.version(&file.path)?;
        let formatted = format_for(version, &text);
        let line = difference_for(version, &text, &formatted);
        if args.check {
            if let Some(line) = line {
                print::stdout(format!("{}:{line}: not formatted\n", shown::path(&file.path)))?;
            }
        } else if args.overwrite && file.path != Path::new(input::STDIN) {
            if let Err(error) = args.write(file, &text, &formatted) {
                fault::report(&error);
                failed += 1;
            }
        } else {
            args.show(&file.path, &text, &formatted, files.len() > 1)?;
        }
        let is_previewed = !args.overwrite && file.path != Path::new(input::STDIN);
        if let Some(line) = line.filter(|_| is_previewed || args.check) {
            differ += 1;
            args.complain(&file.path, line);
        }
    }
    Ok(ExitCode::from(if failed > 0 { 2 } else { u8::from(differ > 0) }))
}

impl Args {
    /// The files, and those of their projects that they import, each once.
    fn with_imports(&self, files: Vec<paths::Found>) -> anyhow::Result<Vec<paths::Found>> {
        let env = Environment::default().read()?;
        let disk = input::disk(Raise::default())?;
        let here = input::working_directory()?;
        let below = |path: &str| Path::new(path).strip_prefix(&here).unwrap_or(Path::new(path)).to_owned();
        let mut imported = Vec::new();
        for file in files.iter().filter(|file| file.path != Path::new(input::STDIN)) {
            let text = input::read(&file.path, Raise::default())?;
            let within = Bounded::by_project(&disk, &file.path, &[]).with_maps(&self.maps.all);
            let known = self.plugins.known(&here.join(&file.path), self.isolated, &mut |_| ())?;
            let name = file.path.to_string_lossy();
            let compilation = compile_with(&known.registry, &name, &text, &env, &within);
            let project = paths::project(&file.path);
            let sources = compilation.sources.iter().skip(1).filter(|(_, file)| !file.is_outside());
            imported.extend(
                sources
                    .map(|(_, source)| paths::Found { path: below(source.name()), folder: project.clone() }),
            );
        }
        let mut all = files;
        all.extend(imported.into_iter().filter(|file| file.path.is_file()));
        paths::keep_first(&mut all);
        Ok(all)
    }

    /// The version whose layout counts for a file.
    fn version(&self, path: &Path) -> anyhow::Result<Version> {
        let name = self.stdin_filename.as_deref().filter(|_| path == Path::new(input::STDIN));
        let path = input::working_directory()?.join(name.unwrap_or(path));
        Ok(self.plugins.named(&path, self.isolated)?.unwrap_or_default())
    }

    /// What to format, as the user gave it.
    fn inputs(&self) -> Vec<PathBuf> {
        match &self.config {
            Some(config) => vec![config.clone()],
            None if self.paths.is_empty() && self.stdin_filename.is_some() => vec![input::STDIN.into()],
            None if self.paths.is_empty() => vec![input::DEFAULT.into()],
            None => self.paths.clone(),
        }
    }

    /// Writes the formatted text to the file, if it means the same.
    fn write(&self, file: &paths::Found, text: &[u8], formatted: &[u8]) -> anyhow::Result<()> {
        if formatted == text {
            return Ok(());
        }
        if let Some(line) = template::line(text).filter(|_| !self.force) {
            let message = format!(
                "{}:{line}: not formatted: the file is a template of another program",
                shown::path(&file.path)
            );
            return Err(Fault::system(message)
                .help("`--force` formats it all the same; `--diff` shows what would change")
                .into());
        }
        let env = Environment::default().read()?;
        let disk = input::disk(Raise::default())?;
        let known =
            self.plugins.known(&input::working_directory()?.join(&file.path), self.isolated, &mut |_| ())?;
        known.warn();
        meaning::keep(&known.registry, &file.path, (text, formatted), &env, &disk, self.force)?;
        overwrite::overwrite(&file.path, file.folder.as_deref(), text, formatted)
    }

    /// Prints the formatted text of one file.
    fn show(&self, path: &Path, text: &[u8], formatted: &[u8], several: bool) -> anyhow::Result<()> {
        if path == Path::new(input::STDIN) || !self.diff {
            return print::data(formatted);
        }
        if several {
            print::stdout(format!("{}:\n", shown::path(path)))?;
        }
        print::stdout_styled(line_diff::marked(text, formatted, colour::on_stdout()))
    }

    /// Reports on standard error that a previewed file is not formatted; `--check` has done so already.
    fn complain(&self, path: &Path, line: usize) {
        if !self.check {
            let complaint = Fault::input(format!("{}:{line}: not formatted", shown::path(path)));
            fault::report(
                &complaint.help("`caddyctl fmt --overwrite` writes the formatted text to the file").into(),
            );
        }
    }
}
