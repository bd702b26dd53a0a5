//! `caddyctl deploy`: compile, check, install, load, verify; or put everything back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use caddyctl::check;
use caddyctl::compile::{Compilation, compile};
use caddyctl::deploy::check::Allow;
use caddyctl::deploy::compiler::Caddy;
use caddyctl::deploy::history;
use caddyctl::deploy::journal::Journal;
use caddyctl::deploy::lock::Holder;
use caddyctl::deploy::modules;
use caddyctl::deploy::overlay::Overlay;
use caddyctl::deploy::owner::Reader;
use caddyctl::deploy::plan::Artifact;
use caddyctl::deploy::recover::recover;
use caddyctl::deploy::run::run as run_program;
use caddyctl::deploy::verify::{Checks, verify as verify_sites};
use caddyctl::deploy::world::{Step, World};
use caddyctl::deploy::{deploy, plan};
use caddyctl::diagnostics::render::{Report, full};
use caddyctl::diagnostics::{Code, Diagnostic, Severity};
use caddyctl::source::{Loader, Sources};

use super::fault::Fault;
use super::verify::{self, ReachArgs};
use super::{colour, fault, input, print};

mod admin;
pub mod duration;
mod judge;
pub mod outcome;
pub mod place;
pub mod progress;
mod revision;
mod service;
pub mod signals;
mod tree;
mod units;

use outcome::Format;
use place::{Found, Place};
use progress::Progress;
use tree::Tree;

/// Where the source may keep its drop-in.
const DROP_IN_PATH: &str = "systemd/caddy.service.d/override.conf";

/// What the served sites are asked, beside the Caddyfile.
const CHECKS: &str = "checks.toml";

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

impl How {
    /// The form of the outcome.
    pub fn format(&self) -> Format {
        self.format
    }
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
    outcome::reported(args.how.format, deploy_source(args))
}

fn deploy_source(args: &Args) -> anyhow::Result<ExitCode> {
    let given = args.config.as_deref().or(args.path.as_deref()).unwrap_or(Path::new(input::DEFAULT));
    let tree = match &args.from {
        Some(from) => Tree::open(from)?,
        None => {
            let main = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
            let folder = main.parent().unwrap_or(Path::new("/")).to_owned();
            Tree { loader: Box::new(input::disk()?), folder, is_on_disk: true }
        }
    };
    let main = tree.folder.join(given.file_name().unwrap_or(given.as_os_str()));
    tree.loader.read(&main).map_err(|error| Fault::unreadable(given, &error))?;
    let found = args.place.look()?;
    let beside = |name: &str| tree.loader.read(&tree.folder.join(name)).ok();
    let source = Source {
        main: &main,
        given: Some(&given.to_string_lossy()),
        drop_in: Some(beside(DROP_IN_PATH).unwrap_or_else(|| units::DROP_IN.into())),
        revision: tree.is_on_disk.then(|| revision::of(&tree.folder)).flatten(),
        on_disk: tree.is_on_disk.then_some(main.as_path()),
        checks: beside(CHECKS).map(|text| parse_checks(&text)).transpose()?,
    };
    from(tree.loader.as_ref(), &source, &found, &args.how)
}

fn parse_checks(text: &[u8]) -> anyhow::Result<Checks> {
    let parsed = caddyctl::deploy::verify::parse(&String::from_utf8_lossy(text));
    Ok(parsed.map_err(|error| Fault::input(format!("{CHECKS}: {error}")))?)
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
    /// The Caddyfile, when it is a file of this machine; for `status`.
    pub on_disk: Option<&'s Path>,
    /// What the served sites are asked.
    pub checks: Option<Checks>,
}

/// Deploys the files of `loader`.
pub fn from(loader: &dyn Loader, source: &Source<'_>, found: &Found, how: &How) -> anyhow::Result<ExitCode> {
    if !how.dry_run {
        end_unfinished(found, how)?;
    }
    let last = history::current(&found.host);
    let overlay = Overlay::new(&found.host, loader, source.main, last.as_ref());
    let Some((compilation, json)) = compiled(loader, source, found, &overlay, how)? else {
        return outcome::refused(how.format);
    };
    let Compiled { hosts, shown } = &compilation;
    let shown = shown.as_ref().unwrap_or(hosts);
    let config: serde_json::Value = serde_json::from_slice(&json)?;
    if !how.no_check && is_refused(&config, shown, found) {
        return outcome::refused(how.format);
    }
    let artifact = overlay.artifact(hosts, json);
    let mut artifact = artifact.map_err(|error| Fault::unreadable(source.main, &error))?;
    let has_units = found.systemd.is_some() || found.host.is_staged();
    if let Some(text) = source.drop_in.as_ref().filter(|_| has_units && !how.no_drop_in) {
        let (files, said) = units::files(text, !how.no_watchdog, found, last.as_ref())?;
        artifact.files.extend(files);
        print::stderr(said.map_or_else(String::new, |said| format!("note: {said}\n")));
    }
    let reach = how.reach.read()?;
    let run_checks = |left: Duration| match source.checks.as_ref().filter(|_| !how.no_checks) {
        Some(checks) => {
            let outcomes = verify_sites(&within(checks, left), &reach).map_err(|error| error.to_string())?;
            verify::failures(&outcomes)
        }
        None => Ok(()),
    };
    let compile = || found.compile_installed();
    let compile_at = |path: &Path| found.compile_at(path);
    let installed = found.installed();
    let progress = Progress::new(how.format == Format::Json);
    let observe = |step| progress.step(step);
    let waits = |holder: &Holder| progress.waits(holder);
    let world = World {
        probe: !how.no_probe,
        force: how.force,
        start: !how.no_start,
        allow: Allow { empty: how.allow_empty, admin_off: how.allow_admin_off },
        revision: source.revision.clone(),
        source: source.on_disk.map(Path::to_owned),
        found: installed.as_ref(),
        compile_at: Some(&compile_at),
        observe: &observe,
        waits: &waits,
        checks: &run_checks,
        ..found.world(found.admin(Some(&config)), &compile)
    };
    let planned = match plan(&artifact, &world) {
        Ok(plan) => plan,
        Err(failure) => return outcome::failed(&failure, Step::Check, shown, how.format),
    };
    let diff = outcome::diff(&planned, &artifact);
    if how.dry_run || (planned.is_empty() && !how.force) {
        return outcome::planned(&planned, &diff, how.dry_run, how.format);
    }
    found.may_write()?;
    if how.format == Format::Text {
        print::stdout(planned.to_string())?;
    }
    execute(&artifact, &World { cancel: signals::cancel(), ..world }, &progress, shown, &diff, how)
}

/// Finishes or undoes what an earlier deploy left, before anything is compared with it.
fn end_unfinished(found: &Found, how: &How) -> anyhow::Result<()> {
    if Journal::find(&found.host)?.is_none() {
        return Ok(());
    }
    found.may_write()?;
    let compile = || found.compile_installed();
    let waits = |holder: &Holder| print::stderr(format!("waiting for another deploy: {holder}\n"));
    let world =
        World { cancel: signals::cancel(), waits: &waits, ..found.world(found.admin(None), &compile) };
    let _lock = world.lock()?;
    if let Some(recovery) = recover(&world, false).map_err(|error| outcome::unrecovered(&error))? {
        let said = outcome::recovered(&recovery) + "\n";
        if how.format == Format::Text { print::stdout(said)? } else { print::stderr(said) }
    }
    Ok(())
}

/// The checks, with no more time than is left.
fn within(checks: &Checks, left: Duration) -> Checks {
    let mut checks = checks.clone();
    for check in &mut checks.check {
        check.seconds = check.seconds.min(left.as_secs().max(1));
        let tries = left.as_secs() / (check.seconds + 1);
        check.retries = check.retries.min(u32::try_from(tries).unwrap_or(u32::MAX));
    }
    checks
}

/// The compilation under the names of the host, and the same under those that the user knows; the latter is `None` when
/// it does not come to the same, since files of the host take part.
struct Compiled {
    hosts: Compilation,
    shown: Option<Compilation>,
}

/// Compiles, asks the host's Caddy, and shows what there is to say. `None` when the file is at fault.
fn compiled(
    loader: &dyn Loader,
    source: &Source<'_>,
    found: &Found,
    overlay: &Overlay<'_>,
    how: &How,
) -> anyhow::Result<Option<(Compiled, Vec<u8>)>> {
    let hosts = overlay.compile(&found.env).map_err(|error| Fault::unreadable(source.main, &error))?;
    let shown = as_given(source, loader, found, overlay, &hosts);
    let named = shown.as_ref().unwrap_or(&hosts);
    if let Some(fault) = outside(overlay) {
        return Err(fault.into());
    }
    let is_asked = found.caddy().is_some();
    if hosts.is_ok() || !is_asked {
        show(&named.sources, &named.diagnostics);
    }
    let files =
        overlay.artifact(&hosts, Vec::new()).map_err(|error| Fault::unreadable(source.main, &error))?;
    let ask = |caddy: &Caddy<'_>| caddy.adapt_files(&files.files, &found.host, &scratch());
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
            let program = found.caddy().map_or_else(String::new, |caddy| caddy.program.display().to_string());
            let refusal = judge::refusal(&error, &program, &hosts.sources, &named.sources);
            let Some(refusal) = refusal else { return Err(judge::fault(&error, &program).into()) };
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
    let run = Path::new("/run");
    let is_ours = rustix::fs::access(run, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK);
    if is_ours.is_ok() { run.to_owned() } else { std::env::temp_dir() }
}

/// An import that leads out of the folder of the Caddyfile, to a file that is not deployed.
fn outside(overlay: &Overlay<'_>) -> Option<Fault> {
    let path = overlay.left_behind()?;
    let message = format!("an import leads out of the folder of the Caddyfile, to {}", path.display());
    Some(Fault::input(message).help(
        "only files below that folder are deployed: move it there, or put it on the host and import it by its \
         absolute path",
    ))
}

fn show(sources: &Sources, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        print::stderr(full::render(&[Report { sources, diagnostics }], colour::on_stderr()));
    }
}

/// Shows what Caddy would refuse when it provisions the configuration, before it is asked. The files that the
/// configuration names are looked at when this is the host that it is for.
fn is_refused(config: &serde_json::Value, compilation: &Compilation, found: &Found) -> bool {
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
fn machine(found: &Found) -> check::Disk {
    let disk = check::Disk::new("/", found.env.clone());
    let Some((_, unit)) = &found.systemd else { return disk };
    let disk = match found.reader.clone() {
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
        Ok(report) => outcome::done(&report, how.confirm, diff, how.format),
        Err(failure) => outcome::failed(&failure, progress.failed_in(), compilation, how.format),
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
