//! `caddyctl init`: writes which Caddy runs the files into a caddyctl.toml, from what the project and the machine say.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::settings::{Caddy, Settings};
use caddyctl_host::{regular, work_tree};
use caddyctl_language::plugins;
use caddyctl_language::source::shown;

use super::fault::Fault;
use super::with::OfBuild;
use super::{input, overwrite, print, settings};

mod image;

use image::{Image, Named};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Write caddyctl.toml with the version and the plugins of the project's Caddy";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The folder of the project. Without it, this folder.
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,
    /// Replace the table `[caddy]` of a caddyctl.toml that exists. Its other tables stay.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    build: OfBuild,
}

const HELP: &str = "Examples:
  caddyctl init
  caddyctl init --force
  caddyctl init deploy/

init reads the Dockerfiles and Compose files of the folder and of the folders in it: `FROM caddy:2.10`, `xcaddy build --with \
…`, and `image: caddy:2.10`. If they name no Caddy, it asks the installed one for its version and its modules. That is the \
first `caddy` in a folder of PATH that is an absolute path outside of the project; root asks only a program that belongs \
to root and that nobody else can change. --caddy names another program. init runs no other program and uses no network.

Packages that have no definition are listed in a comment.

Exit status: 0 success; 2 usage error, a file cannot be read or written, or caddyctl.toml exists and --force is not given.";

/// The most bytes of a Dockerfile or a Compose file.
const LARGEST: u64 = 1024 * 1024;

/// The most files that are looked at.
const MOST: usize = 200;

/// Finds out, prints what was found, and writes the file.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    // Without the `.` of the default in the middle.
    let folder: PathBuf = input::working_directory()?.join(&args.folder).components().collect();
    let file = folder.join(settings::FILE);
    let old = existing(&file)?;
    if old.is_some() && !args.force {
        let message = format!("{} exists", shown::path(&file));
        return Err(Fault::system(message).help("`--force` replaces its table [caddy]").into());
    }
    let found = args.find(&folder)?;
    for line in &found.lines {
        print::stdout(format!("{line}\n"))?;
    }
    let table = found.table();
    let text = match &old {
        Some(old) => with_table(old, &table).ok_or_else(|| {
            Fault::system(format!("cannot find the table [caddy] in {}", shown::path(&file)))
                .help("write it as a table with the header [caddy]")
        })?,
        None => table,
    };
    Settings::parse(&text).map_err(|error| Fault::system(format!("{}: {error}", shown::path(&file))))?;
    match &old {
        Some(old) => overwrite::overwrite(&file, Some(&folder), old.as_bytes(), text.as_bytes())?,
        None => create(&file, &text).map_err(|error| Fault::unwritable(&file, &error))?,
    }
    print::stdout(format!("{} {}\n", if old.is_some() { "changed" } else { "created" }, shown::path(&file)))?;
    Ok(ExitCode::SUCCESS)
}

/// The text of the settings that are there.
fn existing(file: &Path) -> anyhow::Result<Option<String>> {
    match file.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Fault::unreadable(file, &error).into()),
        Ok(found) if found.is_symlink() => {
            let message = format!("{} is a symbolic link, which is not written", shown::path(file));
            Err(Fault::system(message).into())
        }
        Ok(_) => {
            Ok(Some(regular::read_text(file, LARGEST).map_err(|error| Fault::unreadable(file, &error))?))
        }
    }
}

/// Writes a file that is not there yet.
fn create(file: &Path, text: &str) -> std::io::Result<()> {
    let mut out = std::fs::File::create_new(file)?;
    out.write_all(text.as_bytes())
}

/// What was found.
#[derive(Debug, Default)]
struct Found {
    /// The version of Caddy, as it is written: `2.10`.
    version: Option<String>,
    /// The packages that have a definition, each with its version.
    known: BTreeMap<String, Option<String>>,
    /// The packages that have none.
    unknown: BTreeMap<String, Option<String>>,
    /// What was found where, each a line.
    lines: Vec<String>,
}

impl Args {
    /// What the project says, or else the program that is named or installed.
    fn find(&self, folder: &Path) -> anyhow::Result<Found> {
        let mut found = Found::default();
        if self.build.is_named() {
            found.take_program(&self.build)?;
            return Ok(found);
        }
        for file in image::files(folder).into_iter().take(MOST) {
            let Ok(text) = regular::read_text(&file, LARGEST) else { continue };
            let name = file.strip_prefix(folder).unwrap_or(&file).to_owned();
            for Named { line, image } in image::named(&text) {
                found.take(&format!("{}:{line}", shown::path(&name)), image);
            }
        }
        if found.lines.is_empty() {
            if let Some(program) = installed(folder) {
                found.take_program(&OfBuild::of(program))?;
            } else {
                found.lines.push(
                    "nothing names a Caddy: no Dockerfile, no Compose file, no installed Caddy".to_owned(),
                );
            }
        }
        Ok(found)
    }
}

impl Found {
    fn take(&mut self, place: &str, image: Image) {
        if let Some(version) = image.version {
            self.lines.push(format!("{place}: Caddy {}", shown::line(&version)));
            self.version.get_or_insert(version);
        }
        for (package, version) in image.packages {
            self.take_package(place, &package, version);
        }
    }

    fn take_package(&mut self, place: &str, package: &str, version: Option<String>) {
        let known = plugins::shipped(package).is_some();
        let remark = if known { "" } else { " (no definition)" };
        self.lines.push(format!("{place}: {}{remark}", shown::line(package)));
        let packages = if known { &mut self.known } else { &mut self.unknown };
        packages.entry(package.to_owned()).or_insert(version);
    }

    /// What a program says of itself.
    fn take_program(&mut self, program: &OfBuild) -> anyhow::Result<()> {
        let Some(build) = program.ask()? else { return Ok(()) };
        let has = build.has();
        self.lines.push(format!("asked {}", has.program));
        if let Some(version) = build.version() {
            self.lines.push(format!("{}: Caddy {}", has.program, shown::line(version)));
            self.version.get_or_insert_with(|| version.to_owned());
        }
        for package in has.packages() {
            self.take_package(&has.program, &package, None);
        }
        Ok(())
    }

    /// The table, as a text.
    fn table(&self) -> String {
        let written = |(package, version): (&String, &Option<String>)| match version {
            Some(version) => format!("{package}@{version}"),
            None => package.clone(),
        };
        let mut text = "[caddy]\n".to_owned();
        if let Some(version) = &self.version {
            let key = format!("version = {}\n", quoted(version));
            // What this program does not read is for people.
            let is_read = Settings::parse(&format!("[caddy]\n{key}")).is_ok();
            text += &if is_read { key } else { format!("# Caddy {version}\n") };
        }
        let known: Vec<String> =
            self.known.iter().map(|found| format!("  {},\n", quoted(&written(found)))).collect();
        text += &if known.is_empty() {
            "plugins = []\n".to_owned()
        } else {
            format!("plugins = [\n{}]\n", known.concat())
        };
        if !self.unknown.is_empty() {
            text += "# No definition is known of these; `definitions` names files that describe them:\n";
            text += &self
                .unknown
                .iter()
                .map(|found| format!("#   {}\n", shown::line(&written(found))))
                .collect::<String>();
        }
        text
    }
}

/// A TOML string: JSON has the same escapes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text with another table `[caddy]`, or with one at its end; `None` where it has one in another form.
fn with_table(old: &str, table: &str) -> Option<String> {
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let is_ours = |line: &str| line.trim().split('#').next().unwrap_or_default().trim_end() == "[caddy]";
    let lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new = if let Some(start) = lines.iter().position(|line| is_ours(line)) {
        let end = lines.iter().skip(start + 1).position(|line| is_header(line));
        let end = end.map_or(lines.len(), |at| start + 1 + at);
        let gap = if end < lines.len() { "\n" } else { "" };
        format!("{}{table}{gap}{}", lines[..start].concat(), lines[end..].concat())
    } else {
        let gap = if old.is_empty() || old.ends_with("\n\n") { "" } else { "\n" };
        let end = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
        format!("{old}{end}{gap}{table}")
    };
    // A table in another form would be there twice, and a line that looks like a header may be part of a long string.
    let rest = |text: &str| {
        let mut all = Settings::parse(text).ok()?;
        all.caddy = Caddy::default();
        Some(all)
    };
    let rests = rest(&new).zip(rest(old))?;
    (rests.0 == rests.1).then_some(new)
}

/// The `caddy` that is installed. A program of the project is none: whoever wrote the project would run it.
fn installed(folder: &Path) -> Option<PathBuf> {
    let project = work_tree::top_of(folder).unwrap_or_else(|| folder.to_owned());
    let project = project.canonicalize().unwrap_or(project);
    super::program::find_outside("caddy", &project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_takes_the_place_of_the_old_one() {
        let new = "[caddy]\nplugins = []\n";
        for (old, expected) in [
            ("", "[caddy]\nplugins = []\n"),
            ("[lint]\nselect = [\"S\"]\n", "[lint]\nselect = [\"S\"]\n\n[caddy]\nplugins = []\n"),
            (
                "[caddy] # ours\nplugins = [\n  \"x\",\n]\n[lint]\nselect = [\"S\"]\n",
                "[caddy]\nplugins = []\n\n[lint]\nselect = [\"S\"]\n",
            ),
        ] {
            assert_eq!(with_table(old, new).as_deref(), Some(expected), "{old}");
        }
        assert_eq!(with_table("caddy = { plugins = [] }\n", new), None);
        assert_eq!(with_table("caddy.plugins = []\n", new), None);
    }
}
