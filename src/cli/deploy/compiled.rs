//! The Caddyfile compiled for the host: by caddyctl, by the host's Caddy, and what either has to say about it.

use std::io;
use std::path::{Path, PathBuf};

use caddyctl_analysis::check;
use caddyctl_analysis::routes::variables;
use caddyctl_deploy::compiler::Caddy;
use caddyctl_deploy::compiler::modules;
use caddyctl_deploy::files::owner::Reader;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_deploy::transaction::check::CheckError;
use caddyctl_language::compile::{Compilation, compile};
use caddyctl_language::diagnostics::discretion::{Audience, discreet};
use caddyctl_language::diagnostics::render::{Report, full};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::source::{Limits, Loader, Sources, shown};

use super::outcome::Format;
use super::place::Found;
use super::{How, Source, judge};
use crate::cli::fault::Fault;
use crate::cli::{colour, print};

/// The compilation under the names of the host, and the same under those that the user knows; the latter is `None` when
/// it does not come to the same, since files of the host take part.
pub struct Compiled {
    pub hosts: Compilation,
    pub shown: Option<Compilation>,
}

/// Compiles, asks the host's Caddy, and shows what there is to say. `None` when the file is at fault.
pub fn compiled(
    loader: &dyn Loader,
    source: &Source<'_>,
    found: &Found,
    overlay: &Overlay<'_>,
    how: &How,
) -> anyhow::Result<Option<(Compiled, Vec<u8>)>> {
    let hosts = overlay.compile(&found.env).map_err(|error| Fault::unreadable(source.main, &error))?;
    if let Some(reason) = loader.refused() {
        return Err(refused(&reason).into());
    }
    if let Some(path) = overlay.unreadable() {
        let error = CheckError::Unreadable(path);
        let help = format!("nothing was changed; {}", error.way_out().unwrap_or_default());
        return Err(Fault::world(error.to_string()).help(help).into());
    }
    let shown = as_given(source, loader, found, overlay, &hosts);
    let named = shown.as_ref().unwrap_or(&hosts);
    if let Some(fault) = outside(overlay) {
        return Err(fault.into());
    }
    if !hosts.is_ok() && (overlay.has_unfit() || hosts.is_stopped_by_limit()) {
        // The host's Caddy would read the same files, without limits.
        show(&named.sources, &named.diagnostics);
        return Ok(None);
    }
    let is_asked = found.caddy().is_some();
    if hosts.is_ok() || !is_asked {
        show(&named.sources, &named.diagnostics);
    }
    let files =
        overlay.artifact(&hosts, Vec::new()).map_err(|error| Fault::unreadable(source.main, &error))?;
    let scratch = scratch();
    let ask = |caddy: &Caddy<'_>| caddy.adapt_files(&files.files, &found.host, &scratch);
    let verdict = match found.judge(hosts.json(), ask) {
        Ok(verdict) => verdict,
        Err(_) if !hosts.is_ok() => {
            // Neither takes it, and our own words say more.
            show(&named.sources, &named.diagnostics);
            return Ok(None);
        }
        // A module that it lacks is the better explanation.
        Err(_) if !how.no_check && hosts.value().is_some_and(|config| is_refused(&config, named, found)) => {
            return Ok(None);
        }
        Err(error) => {
            let program = found.caddy().map_or_else(String::new, |caddy| shown::path(&caddy.program));
            let refusal = judge::refusal(&error, &program, &hosts.sources, &named.sources);
            let Some(refusal) = refusal else {
                return Err(judge::fault(&error, &program, &hosts.sources).into());
            };
            show(&named.sources, &[refusal]);
            return Ok(None);
        }
    };
    let Some(verdict) = verdict else {
        if is_asked {
            show(&named.sources, &named.diagnostics);
        }
        return Ok(None);
    };
    let remarks = found.remarks(&verdict, named);
    if how.format == Format::Text || !remarks.is_empty() {
        print::stderr(remarks);
    }
    Ok(Some((Compiled { hosts, shown }, verdict.json)))
}

/// Where the host's Caddy finds the files that it is asked about.
fn scratch() -> PathBuf {
    let may_write = |folder: &Path| {
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
    };
    let run = Path::new("/run");
    if may_write(run) {
        return run.to_owned();
    }
    // Root's `TMPDIR` may be a folder of the user who called sudo.
    if rustix::process::geteuid().is_root() { PathBuf::from("/tmp") } else { std::env::temp_dir() }
}

/// An import that leads out of the folder of the Caddyfile, to a file that is not deployed.
fn outside(overlay: &Overlay<'_>) -> Option<Fault> {
    let path = overlay.left_behind()?;
    let message = format!("an import leads out of the folder of the Caddyfile, to {}", shown::path(path));
    Some(Fault::input(message).help(
        "only files below that folder are deployed: move it there, or put it on the host and import it by its \
         absolute path",
    ))
}

/// Something of the source that is not read, though it is there.
pub fn refused(reason: &str) -> Fault {
    Fault::input(format!("a file of the source is not read: {}", reason.escape_debug())).help(
        "nothing was changed; put the file itself into the source, or put it on the host and import it by its absolute \
         path",
    )
}

fn show(sources: &Sources, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        let mut found = diagnostics.to_vec();
        discreet(&mut found, sources, &variables(sources), Audience::Terminal);
        print::stderr_styled(full::render(&[Report { sources, diagnostics: &found }], colour::on_stderr()));
    }
}

/// Shows what Caddy would refuse when it provisions the configuration, before it is asked. The files that the
/// configuration names are looked at when this is the host that it is for.
pub fn is_refused(config: &serde_json::Value, compilation: &Compilation, found: &Found) -> bool {
    let machine = machine(found);
    let facts: Option<&dyn check::Facts> = if found.host.is_staged() { None } else { Some(&machine) };
    let mut diagnostics = check::diagnostics(&check::check_json(config, facts), compilation);
    // Of the warnings, those about this machine: a port that somebody else has.
    diagnostics.retain(|found| {
        found.is_error() || (found.code == Code::MACHINE && found.severity == Severity::Warning)
    });
    show(&compilation.sources, &diagnostics);
    diagnostics.iter().any(Diagnostic::is_error)
}

/// This machine as the service meets it: its environment, its user, its program.
fn machine(found: &Found) -> caddyctl_host::Machine {
    let disk = caddyctl_host::Machine::new("/", found.env.clone());
    let Some((_, unit)) = &found.systemd else { return disk };
    let disk = match found.reader.clone() {
        Some(Reader { uid: id, gids: groups }) => disk.seen_by(caddyctl_host::User { id, groups }),
        None => disk,
    };
    match modules::of_service(unit, &found.caddy_of(PathBuf::new())) {
        Some(modules) => disk.with_modules(modules),
        None => disk,
    }
}

/// The same compilation under the names that the user knows; `None` when it does not come to the same, since files of
/// the host take part.
fn as_given(
    source: &Source<'_>,
    loader: &dyn Loader,
    found: &Found,
    overlay: &Overlay<'_>,
    compilation: &Compilation,
) -> Option<Compilation> {
    let text = overlay.read(&found.host.caddyfile).ok()?;
    let folder = source.main.parent().unwrap_or(Path::new("/"));
    let plain = compile(source.given?, &text, &found.env, &AsGiven { folder, loader, overlay });
    let is_same =
        plain.diagnostics.len() == compilation.diagnostics.len() && plain.is_ok() == compilation.is_ok();
    is_same.then_some(plain)
}

/// The files of a source under their own names; what lies elsewhere is the host's.
struct AsGiven<'s> {
    folder: &'s Path,
    loader: &'s dyn Loader,
    overlay: &'s Overlay<'s>,
}

impl AsGiven<'_> {
    fn of(&self, path: &Path) -> &dyn Loader {
        if path.starts_with(self.folder) { self.loader } else { self.overlay }
    }
}

impl Loader for AsGiven<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.of(path).read(path)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.of(path).list(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.of(path).exists(path)
    }

    fn base(&self) -> &Path {
        self.loader.base()
    }

    fn limits(&self) -> Limits {
        self.loader.limits()
    }
}
