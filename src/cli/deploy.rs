//! `caddyctl deploy`: compile, check, install, load, verify; or put everything back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use caddyctl::check;
use caddyctl::compile::{Compilation, compile};
use caddyctl::deploy::check::Allow;
use caddyctl::deploy::history;
use caddyctl::deploy::modules;
use caddyctl::deploy::overlay::Overlay;
use caddyctl::deploy::owner::Reader;
use caddyctl::deploy::plan::Artifact;
use caddyctl::deploy::run::run as run_program;
use caddyctl::deploy::verify::verify as verify_sites;
use caddyctl::deploy::world::World;
use caddyctl::deploy::{deploy, plan};
use caddyctl::diagnostics::render::{Report, full};
use caddyctl::diagnostics::{Code, Diagnostic, Severity};
use caddyctl::source::{Disk, Loader};

use super::fault::Fault;
use super::verify::{self, ReachArgs};
use super::{colour, fault, input, print};

pub mod duration;
pub mod outcome;
pub mod place;
pub mod progress;
pub mod signals;
mod tree;
mod units;

use outcome::Format;
use place::{Found, Place};
use progress::Progress;
use tree::Tree;

/// Where the source may keep its drop-in.
const DROP_IN_PATH: &str = "systemd/caddy.service.d/override.conf";

/// Arguments of `caddyctl deploy`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The Caddyfile. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    path: Option<PathBuf>,
    /// The Caddyfile, as `caddy reload` takes it.
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Deploy the Caddyfile of this folder, or of this archive (.tar.gz), with what it imports. Faults are named relative
    /// to it.
    #[arg(long, value_name = "DIR|ARCHIVE", conflicts_with_all = ["path", "config"])]
    from: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    how: How,
}

/// How to deploy; a rollback takes these too.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct How {
    /// Show what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// The form of the outcome.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Keep the new configuration only if `caddyctl confirm` comes within this time.
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    confirm: Option<Duration>,
    /// Load the configuration even when it runs already.
    #[arg(long)]
    force: bool,
    /// Do not start a Caddy that is stopped.
    #[arg(long)]
    no_start: bool,
    #[command(flatten)]
    reach: ReachArgs,
    /// Do not ask each listener for a sign of life: Caddy listens in another container or on another machine.
    #[arg(long)]
    no_probe: bool,
    /// Do not run the checks.toml beside the Caddyfile.
    #[arg(long)]
    no_checks: bool,
    /// Leave it to Caddy to find what it would refuse when it provisions the configuration.
    #[arg(long)]
    no_check: bool,
    /// Leave the unit's drop-in alone.
    #[arg(long)]
    no_drop_in: bool,
    /// Restart Caddy when it dies, and not when it only stops answering.
    #[arg(long)]
    no_watchdog: bool,
    /// Deploy a configuration without any site.
    #[arg(long)]
    allow_empty: bool,
    /// Deploy a configuration that switches the admin API off.
    #[arg(long)]
    allow_admin_off: bool,
}

const HELP: &str = "Examples:
  sudo caddyctl deploy
  sudo caddyctl deploy --config Caddyfile --dry-run
  sudo caddyctl deploy --confirm 60s && curl -f https://example.com/ && sudo caddyctl confirm
  sudo caddyctl deploy --from release.tar.gz
  caddyctl deploy --root image/
  caddyctl deploy --no-systemd --admin unix//run/caddy/admin.sock

Everything is compiled and checked first, with the service's own environment. Caddy loads the new configuration before \
any file changes, so that a refused one leaves no trace; whatever fails later is undone. A deploy that was killed is \
finished or undone by the next one, or by `caddyctl recover`.

Exit status: 0 deployed, or nothing to do; 1 the Caddyfile is at fault, Caddy refused it, or the site did not answer; \
2 wrong usage, or the world (no root, no systemd, Caddy out of reach, another deploy).";

/// Deploys.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let tree = args.from.as_deref().map(Tree::open).transpose()?;
    let given = args.config.as_deref().or(args.path.as_deref()).unwrap_or(Path::new(input::DEFAULT));
    let (disk, main) = match &tree {
        Some(tree) => (Disk::new(&tree.folder), Ok(tree.folder.join(given))),
        None => (input::disk()?, std::path::absolute(given)),
    };
    let main = main.map_err(|error| Fault::unreadable(given, &error))?;
    std::fs::read(&main).map_err(|error| Fault::unreadable(given, &error))?;
    let found = args.place.look()?;
    let folder = main.parent().unwrap_or(Path::new("/"));
    let drop_in = std::fs::read(folder.join(DROP_IN_PATH)).unwrap_or_else(|_| units::DROP_IN.into());
    let name = given.to_string_lossy();
    let revision = Found::revision(folder);
    let source = Source { main: &main, given: Some(&name), drop_in: Some(drop_in), revision };
    from(&disk, &source, &found, &args.how)
}

/// Where a deployment comes from.
pub struct Source<'s> {
    /// The Caddyfile, absolute.
    pub main: &'s Path,
    /// The Caddyfile as the user gave it, for faults; without it they name the path on the host.
    pub given: Option<&'s str>,
    /// The text of the drop-in, when there is to be one.
    pub drop_in: Option<Vec<u8>>,
    /// The git revision of the files.
    pub revision: Option<String>,
}

/// Deploys the files of `loader`.
pub fn from(loader: &dyn Loader, source: &Source<'_>, found: &Found, how: &How) -> anyhow::Result<ExitCode> {
    let last = history::current(&found.host);
    let overlay = Overlay::new(&found.host, loader, source.main, last.as_ref());
    let compilation = overlay.compile(&found.env).map_err(|error| Fault::unreadable(source.main, &error))?;
    let shown = as_given(source, loader, found, &overlay, &compilation);
    let shown = shown.as_ref().unwrap_or(&compilation);
    if !compilation.diagnostics.is_empty() {
        let report = Report { sources: &shown.sources, diagnostics: &shown.diagnostics };
        print::stderr(full::render(&[report], colour::on_stderr()));
    }
    let Some(json) = compilation.json() else { return Ok(ExitCode::from(1)) };
    if !how.no_check && is_refused(shown, found) {
        return Ok(ExitCode::from(1));
    }
    let artifact = overlay.artifact(&compilation, json);
    let mut artifact = artifact.map_err(|error| Fault::unreadable(source.main, &error))?;
    let has_units = found.systemd.is_some() || found.host.is_staged();
    if let Some(text) = source.drop_in.as_ref().filter(|_| has_units && !how.no_drop_in) {
        let (files, said) = units::files(text, !how.no_watchdog, found, last.as_ref());
        artifact.files.extend(files);
        print::stderr(said.map_or_else(String::new, |said| format!("note: {said}\n")));
    }
    let folder = source.main.parent().filter(|_| source.given.is_some() && !how.no_checks);
    let checks = folder.map(verify::beside).transpose()?.flatten();
    let reach = how.reach.read()?;
    let run_checks = || match &checks {
        Some(checks) => verify::failures(&verify_sites(checks, &reach).map_err(|error| error.to_string())?),
        None => Ok(()),
    };
    let compile = || found.compile_installed();
    let progress = Progress::new(how.format == Format::Json);
    let observe = |step| progress.step(step);
    let world = World {
        probe: !how.no_probe,
        force: how.force,
        start: !how.no_start,
        allow: Allow { empty: how.allow_empty, admin_off: how.allow_admin_off },
        revision: source.revision.clone(),
        observe: &observe,
        checks: &run_checks,
        ..found.world(found.admin(compilation.value().as_ref()), &compile)
    };
    let planned = match plan(&artifact, &world) {
        Ok(plan) => plan,
        Err(failure) => return outcome::failed(&failure, shown, how.format),
    };
    let diff = outcome::diff(&planned, &artifact);
    if how.dry_run {
        return outcome::planned(&planned, &diff, how.format);
    }
    found.may_write()?;
    if how.format == Format::Text && !planned.is_empty() {
        print::stdout(planned.to_string())?;
    }
    execute(&artifact, &World { cancel: signals::cancel(), ..world }, &progress, shown, &diff, how)
}

/// Shows what Caddy would refuse when it provisions the configuration, before it is asked. The files that the
/// configuration names are looked at when this is the host that it is for.
fn is_refused(compilation: &Compilation, found: &Found) -> bool {
    let Some(config) = compilation.value() else { return false };
    let machine = machine(found);
    let facts: Option<&dyn check::Facts> = if found.host.is_staged() { None } else { Some(&machine) };
    let mut diagnostics = check::diagnostics(&check::check(&config, facts), &config, compilation);
    // Of the warnings, those about this machine: a port that somebody else has.
    diagnostics.retain(|found| {
        found.is_error() || (found.code == Code::MACHINE && found.severity == Severity::Warning)
    });
    if !diagnostics.is_empty() {
        let report = Report { sources: &compilation.sources, diagnostics: &diagnostics };
        print::stderr(full::render(&[report], colour::on_stderr()));
    }
    diagnostics.iter().any(Diagnostic::is_error)
}

/// This machine as the service meets it: its environment, its user, its program.
fn machine(found: &Found) -> check::Disk {
    let disk = check::Disk::new("/", found.env.clone());
    let Some((_, unit)) = &found.systemd else { return disk };
    let disk = match Reader::named(&found.host.root, unit.get("User")) {
        Some(Reader { uid: id, gids: groups }) => disk.seen_by(check::User { id, groups }),
        None => disk,
    };
    match modules::of_service(unit, Duration::from_secs(10)) {
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
    let plain = compile(source.given?, &text, &found.env, loader);
    let is_same =
        plain.diagnostics.len() == compilation.diagnostics.len() && plain.is_ok() == compilation.is_ok();
    is_same.then_some(plain)
}

fn execute(
    artifact: &Artifact,
    world: &World<'_>,
    progress: &Progress,
    compilation: &Compilation,
    diff: &str,
    how: &How,
) -> anyhow::Result<ExitCode> {
    // Once for a deploy that is killed before it can arm the real one.
    if let Some(within) = how.confirm {
        arm(world, world.wait + world.timeout + within)?;
    }
    let result = deploy(artifact, world, how.confirm);
    progress.end();
    if let (Some(within), Ok(true)) = (how.confirm, result.as_ref().map(|report| report.awaits_confirmation))
    {
        arm(world, within)?;
    }
    match result {
        Ok(report) => outcome::done(&report, diff, how.format),
        Err(failure) => outcome::failed(&failure, compilation, how.format),
    }
}

/// Has systemd undo the deploy if no confirmation has come by then, whatever becomes of this process and its terminal.
fn arm(world: &World<'_>, after: Duration) -> anyhow::Result<()> {
    let missing =
        || Fault::world("--confirm needs systemd, which undoes the deploy if no confirmation comes");
    let systemd = world.systemd.as_ref().ok_or_else(missing)?;
    let program = std::env::current_exe().map_err(|error| Fault::world(fault::reason(&error)))?;
    // A moment later than the deadline itself, so that `recover` finds it passed.
    let after = format!("--on-active={}ms", (after + Duration::from_millis(200)).as_millis());
    let (program, unit) = (program.to_string_lossy(), format!("--unit={}", systemd.unit()));
    // Timers are up to a minute late unless told otherwise.
    let accuracy = "--timer-property=AccuracySec=100ms";
    let arguments = [&after, accuracy, "--collect", "--quiet", &program, "recover", &unit];
    run_program(Path::new("systemd-run"), &arguments, Duration::from_secs(10))?;
    Ok(())
}
