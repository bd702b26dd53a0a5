//! The two configurations of a comparison: from files, standard input, or a git revision.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use caddyctl_analysis::diff::Side;
use caddyctl_analysis::{lint, upgrade};
use caddyctl_host::Bounded;
use caddyctl_host::revision::Revision;
use caddyctl_language::compile::{Compilation, compile_with};
use caddyctl_language::config::{ReadError, Room, read_within};
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::diagnostics::render::{Report, concise, full};
use caddyctl_language::lower::Registry;
use caddyctl_language::source::{Env, Limits, Loader, shown};
use serde_json::Value;

use crate::cli::fault::Fault;
use crate::cli::git::git;
use crate::cli::limits::Raise;
use crate::cli::reach::{Reach, make_discreet};
use crate::cli::with::Plugins;
use crate::cli::{colour, input, print};

/// How long git may take for each of its answers: a large repository on a slow disk takes seconds.
const GIT_PATIENCE: Duration = Duration::from_secs(30);

/// One side before its errors have been reported.
enum Read {
    Json(Box<Side>),
    Compiled(String, Box<Compilation>),
}

/// Both sides from their texts; errors of both are reported before giving up.
pub fn both(old: &Text<'_>, new: &Text<'_>, with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    let (old, new) = (old.read(with), new.read(with));
    both_compiled(old?, new?, with)
}

fn both_compiled(old: Read, new: Read, with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    let (old, new) = (compiled(old, with)?, compiled(new, with)?);
    Ok(old.zip(new))
}

/// A configuration as text, with where it and what it imports come from.
pub struct Text<'l> {
    pub name: String,
    pub path: &'l Path,
    pub bytes: Vec<u8>,
    pub loader: &'l dyn Loader,
}

impl<'l> Text<'l> {
    /// A file, or standard input.
    pub fn file(path: &'l Path, loader: &'l dyn Loader, raise: Raise) -> anyhow::Result<Self> {
        Ok(Self { name: path.to_string_lossy().into_owned(), path, bytes: input::read(path, raise)?, loader })
    }

    /// Standard input, as if it were the content of the file `path`.
    pub fn stdin_as(path: &'l Path, loader: &'l dyn Loader, raise: Raise) -> anyhow::Result<Self> {
        let bytes = input::read(Path::new(input::STDIN), raise)?;
        Ok(Self { name: path.to_string_lossy().into_owned(), path, bytes, loader })
    }

    /// JSON or a Caddyfile, as it turns out.
    fn read(&self, with: &With<'_>) -> anyhow::Result<Read> {
        let is_json = self.path.extension().is_some_and(|end| end == "json");
        if is_json || self.bytes.trim_ascii_start().starts_with(b"{") {
            let limits = with.raise.limits();
            match read_within(&self.bytes, Room::of(limits.memory, limits.json_levels())) {
                Ok(config) => return Ok(Read::Json(Box::new(Side::json(&self.name, config)))),
                Err(error @ ReadError::TooLarge(_)) => {
                    let message = format!("cannot read {}: {error}", shown::path(self.path));
                    return Err(Fault::system(message).help(Limits::HELP).into());
                }
                Err(error @ ReadError::TooDeep { .. }) => {
                    return Err(
                        Fault::system(format!("cannot read {}: {error}", shown::path(self.path))).into()
                    );
                }
                Err(error) if is_json => {
                    return Err(
                        Fault::system(format!("{} is not JSON: {error}", shown::path(self.path))).into()
                    );
                }
                // A Caddyfile may begin with its options block.
                Err(_) => {}
            }
        }
        let within = Bounded::by_project(self.loader, self.path, &with.reach.allow_read)
            .with_maps(&with.reach.maps.all);
        let path = self.loader.base().join(self.path);
        let name = self.path.to_string_lossy();
        let compile = |words: &Arc<Registry>| compile_with(words, &name, &self.bytes, with.env, &within);
        if let Some(host) = with.host {
            match host(self, &path, &compile)? {
                Some(ByHost::Compiled(compilation)) => {
                    return Ok(Read::Compiled(self.name.clone(), compilation));
                }
                Some(ByHost::Json(config)) => {
                    return Ok(Read::Json(Box::new(Side::json(&self.name, config))));
                }
                None => {}
            }
        }
        let known = with.plugins.known(&path, false, &mut |_| ())?;
        known.warn();
        let mut compilation = compile(&known.registry);
        known.judge(&mut compilation.diagnostics);
        Ok(Read::Compiled(self.name.clone(), Box::new(compilation)))
    }
}

/// What comes of a text.
pub struct Outcome {
    /// The side, or its errors.
    pub read: upgrade::Read,
    /// Words that newer versions replace.
    pub deprecated: Vec<Diagnostic>,
}

impl Outcome {
    /// Whether the text is accepted.
    pub fn is_accepted(&self) -> bool {
        matches!(self.read, upgrade::Read::Accepted(_))
    }
}

/// What comes of a text, whose errors are not printed.
pub fn outcome(text: &Text<'_>, with: &With<'_>) -> anyhow::Result<Outcome> {
    let (name, compilation) = match text.read(with)? {
        Read::Json(side) => {
            return Ok(Outcome { read: upgrade::Read::Accepted(side), deprecated: Vec::new() });
        }
        Read::Compiled(name, compilation) => (name, compilation),
    };
    if compilation.is_ok() {
        refuse_outside(&name, &compilation, with)?;
    }
    Ok(outcome_of(name, *compilation, with.audience))
}

/// What comes of a compilation, whose errors are not printed.
pub fn outcome_of(name: String, mut compilation: Compilation, audience: Audience) -> Outcome {
    let deprecated = lint::lint(&compilation, |rule| rule.code.id.starts_with('D'));
    let found = std::mem::replace(&mut compilation.diagnostics, deprecated);
    make_discreet(&mut compilation, audience);
    let deprecated = std::mem::replace(&mut compilation.diagnostics, found);
    make_discreet(&mut compilation, audience);
    let read = if compilation.is_ok() {
        let diagnostics = std::mem::take(&mut compilation.diagnostics);
        let sources = compilation.sources.clone();
        match Side::compiled(name, compilation) {
            Some(side) => upgrade::Read::Accepted(Box::new(side)),
            None => upgrade::Read::Refused(sources, diagnostics),
        }
    } else {
        upgrade::Read::Refused(compilation.sources, compilation.diagnostics)
    };
    Outcome { read, deprecated }
}

/// Refuses to report, in a format for programs, on a file that imports another one from outside its project.
fn refuse_outside(name: &str, compilation: &Compilation, with: &With<'_>) -> anyhow::Result<()> {
    let is_kept_back = with.audience == Audience::Program && compilation.sources.has_outside();
    let outside = compilation.sources.iter().find(|(_, file)| file.is_outside() && is_kept_back);
    let Some((_, file)) = outside else { return Ok(()) };
    let message = format!(
        "{name} imports {}, which is outside its project; a report in this format quotes only the project",
        file.shown()
    );
    Err(Fault::input(message)
        .help("allow the folder of that file with `--allow-read DIR`; the text format shows everything")
        .into())
}

/// What a text comes to on a host.
#[cfg_attr(not(feature = "deploy"), expect(dead_code, reason = "no host is asked"))]
pub enum ByHost {
    /// What it compiles to with the words and the version of the host's Caddy.
    Compiled(Box<Compilation>),
    /// The host's Caddy's own reading, where its version is not known.
    Json(Value),
}

/// What asks the host's Caddy about a text at an absolute path, which the last argument compiles; `None` where there is none to
/// ask.
pub type Asked<'a> =
    dyn Fn(&Text<'_>, &Path, &dyn Fn(&Arc<Registry>) -> Compilation) -> anyhow::Result<Option<ByHost>> + 'a;

/// What a side is compiled with, and who reads the report.
pub struct With<'a> {
    pub env: &'a Env,
    /// Where imports lead, and what a report for programs may quote.
    pub reach: &'a Reach,
    pub raise: Raise,
    /// The plugins that are given.
    pub plugins: &'a Plugins,
    /// What the host's Caddy makes of a text, where it counts.
    pub host: Option<&'a Asked<'a>>,
    pub audience: Audience,
}

/// The side, or its faults on standard error.
fn compiled(read: Read, with: &With<'_>) -> anyhow::Result<Option<Side>> {
    let (name, mut compilation) = match read {
        Read::Json(side) => return Ok(Some(*side)),
        Read::Compiled(name, compilation) => (name, compilation),
    };
    let is_kept_back = with.audience == Audience::Program && compilation.sources.has_outside();
    if !compilation.is_ok() {
        make_discreet(&mut compilation, with.audience);
        let report = Report { sources: &compilation.sources, diagnostics: &compilation.diagnostics };
        if is_kept_back {
            print::stderr(concise::render(&[report]));
        } else {
            print::stderr_styled(full::render(&[report], colour::on_stderr()));
        }
        return Ok(None);
    }
    refuse_outside(&name, &compilation, with)?;
    Ok(Side::compiled(name, *compilation))
}

/// Refuses sides with so many routes in so many blocks that no table has room for them.
pub fn check_size(sides: &[&Side], raise: Raise) -> anyhow::Result<()> {
    let most = limits(sides, raise).lines;
    let mut lines = 0;
    for side in sides {
        match caddyctl_analysis::routes::size::check(side.tree(), most.saturating_sub(lines)) {
            Ok(more) => lines += more,
            Err(error) => {
                let place = side.place_of(&error.pointer).map(|at| format!("{}:{}: ", at.file, at.line));
                let name = place.unwrap_or_else(|| format!("{}: ", shown::line(&side.name)));
                let message =
                    format!("{name}{}", caddyctl_analysis::routes::size::TooLarge { most, ..error });
                return Err(Fault::system(message).help(Limits::HELP).into());
            }
        }
    }
    Ok(())
}

/// The limits for texts as large as those of `sides`.
pub fn limits(sides: &[&Side], raise: Raise) -> Limits {
    let files = sides.iter().flat_map(|side| side.sources.iter());
    raise.limits().for_text(files.map(|(_, file)| file.text().len()).sum())
}

/// A configuration in a file, or on standard input; `None` after its errors have been reported.
pub fn side(path: &Path, with: &With<'_>) -> anyhow::Result<Option<Side>> {
    side_through(path, &input::disk(with.raise)?, with)
}

/// As [`side`], of standard input as if it were the content of the file `name`.
pub fn side_of_stdin(name: &Path, with: &With<'_>) -> anyhow::Result<Option<Side>> {
    let disk = input::disk(with.raise)?;
    compiled(Text::stdin_as(name, &disk, with.raise)?.read(with)?, with)
}

/// The same, read through another loader.
pub fn side_through(path: &Path, loader: &dyn Loader, with: &With<'_>) -> anyhow::Result<Option<Side>> {
    compiled(Text::file(path, loader, with.raise)?.read(with)?, with)
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new(input::STDIN)
}

/// The only path, or the Caddyfile of this folder.
pub fn one<'p>(paths: &'p [PathBuf], option: &str) -> anyhow::Result<&'p Path> {
    match paths {
        [] => Ok(Path::new(input::DEFAULT)),
        [path] => Ok(path),
        _ => Err(Fault::system(format!("{option} takes one path, because it defines the other side")).into()),
    }
}

/// Two files, one of which may be standard input.
pub fn files(old: &Path, new: &Path, with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    if is_stdin(old) && is_stdin(new) {
        return Err(Fault::system("only one side can be standard input").into());
    }
    let disk = input::disk(with.raise)?;
    both(&Text::file(old, &disk, with.raise)?, &Text::file(new, &disk, with.raise)?, with)
}

/// The file, and all it imports, as it was at a revision.
pub fn against(revision: &str, path: &Path, with: &With<'_>) -> anyhow::Result<Option<(Side, Side)>> {
    if is_stdin(path) {
        return Err(Fault::system("--against needs a file: standard input has no revisions").into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let base = input::working_directory()?;
    let trouble = |error: caddyctl_host::revision::RevisionError| {
        let fault = Fault::system(error.to_string());
        match error.help() {
            Some(help) => fault.help(help),
            None => fault,
        }
    };
    // The repository is that of the file, which may be another than the working directory's.
    let inside = base.join(folder);
    let files = Revision::open(&git(GIT_PATIENCE), &inside, revision).map_err(trouble)?.starting_at(&base);
    let name = format!("{revision}:{}", path.display());
    let disk = input::disk(with.raise)?;
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        // A file that is new, or has another name now, was not served before: all of it is added.
        Err(error) if error.kind() == io::ErrorKind::NotFound && files.incomplete().is_none() => {
            let new = compiled(Text::file(path, &disk, with.raise)?.read(with)?, with)?;
            let old = Side::json(&name, serde_json::json!({}));
            return Ok(new.map(|new| (old, new)));
        }
        Err(error) => {
            if let Some(error) = files.incomplete() {
                return Err(trouble(error).into());
            }
            let reason = crate::cli::fault::reason(&error);
            return Err(Fault::system(format!("cannot read {}: {reason}", shown::line(&name))).into());
        }
    };
    let loader = Bounded::by_limits(&files, with.raise.limits());
    let old = Text { name, path, bytes, loader: &loader }.read(with);
    if let Some(error) = files.incomplete() {
        return Err(trouble(error).into());
    }
    both_compiled(old?, Text::file(path, &disk, with.raise)?.read(with)?, with)
}
