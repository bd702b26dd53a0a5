//! `caddyctl deploy`: compile, check, install, load, verify; or put everything back.

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_analysis::routes::variables;
use caddyctl_deploy::place::losses::{losses, silent_upstreams};
use caddyctl_deploy::place::{Found, units};
use caddyctl_deploy::plan;
use caddyctl_deploy::process::deadline::Deadline;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_deploy::source::revision;
use caddyctl_deploy::source::tree::Tree;
use caddyctl_deploy::state::history;
use caddyctl_deploy::state::lock::Holder;
use caddyctl_deploy::systemd::drop_in::DropIn;
use caddyctl_deploy::transaction::check::Allow;
use caddyctl_deploy::transaction::plan::Plan;
use caddyctl_deploy::transaction::setup::Unserved;
use caddyctl_deploy::transaction::setup::{Setup, Step};
use caddyctl_deploy::verify::{Bounds, Check, Reach, verify_until};
use caddyctl_host::Bounded;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};
use caddyctl_language::diagnostics::render::{Report, full};
use caddyctl_language::source::shown::{self, line, path as shown_path};
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{Loader, Sources};

use super::fault::Fault;
use super::verify::{self, ReachArgs};
use super::{colour, git, input, print};

pub mod duration;
mod execute;
pub mod outcome;
pub mod place;
pub mod progress;
pub mod signals;
mod source;

use execute::{arm, end_unfinished, execute};
use outcome::{Change, Format};
use place::Place;
use progress::Progress;
pub use source::Source;
use source::{CHECKS, DROP_IN_PATH, optional, parse_checks, unread, unreadable};

/// How long git may take for each of its answers; a deploy does not wait for a name.
const GIT_PATIENCE: Duration = Duration::from_secs(5);

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Load a Caddyfile into the running Caddy and install it, or change nothing";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    path: Option<PathBuf>,
    /// The Caddyfile (the same option as in `caddy reload`).
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Deploy the Caddyfile in this folder or archive (.tar.gz), with its imports. Paths in messages are relative to it.
    #[arg(long, value_name = "DIR|ARCHIVE", conflicts_with_all = ["path", "config"])]
    from: Option<PathBuf>,
    /// Install the source's systemd drop-in even if it has other settings than restarts, the watchdog and limits, such as
    /// programs that root runs. The plan lists each such setting.
    #[arg(long)]
    allow_unit_settings: bool,
    #[command(flatten)]
    how: How,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

/// How to deploy; a rollback takes these too.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct How {
    /// Print what a deploy would do, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Roll back automatically unless `caddyctl confirm` runs within this time.
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    confirm: Option<Duration>,
    /// Load the configuration even if Caddy already runs the same one.
    #[arg(long)]
    force: bool,
    /// Replace files that somebody has edited on the host since the last deployment.
    #[arg(long)]
    replace_edits: bool,
    /// Do not start a stopped Caddy.
    #[arg(long)]
    no_start: bool,
    /// Do not install or change the unit's drop-in.
    #[arg(long)]
    no_drop_in: bool,
    /// Do not install the watchdog. systemd then restarts Caddy when it exits, but not when it stops responding.
    #[arg(long)]
    no_watchdog: bool,
    /// Allow a configuration without any site.
    #[arg(long)]
    allow_empty: bool,
    /// Allow a deploy that turns the admin API off, or to a Caddy whose admin API is off. This restarts Caddy, which closes
    /// open connections.
    #[arg(long)]
    allow_admin_off: bool,
    #[command(flatten, next_help_heading = "Checks")]
    reach: ReachArgs,
    /// Do not check that each listener responds. For a Caddy in another container or on another machine.
    #[arg(long)]
    no_probe: bool,
    /// Do not run the checks.toml next to the Caddyfile.
    #[arg(long)]
    no_checks: bool,
    /// Do not check for errors that Caddy finds only when it loads the configuration.
    #[arg(long)]
    no_check: bool,
}

impl How {
    /// The output format.
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

A deploy has these steps:
  1. Compile and check the Caddyfile with the environment of the service. The host's Caddy compiles it too, as the \
service's user. If its version or plugins lead to another result, that result is used, and the differences are listed.
  2. Load the configuration into the running Caddy. If Caddy refuses it, nothing has changed.
  3. Check that each listener responds, and run the checks.toml next to the Caddyfile. If a check fails, Caddy gets the old \
configuration again.
  4. Install the files. The replaced files are kept for `caddyctl rollback`, including files that you installed by hand.
If a deploy is killed, the next deploy, or `caddyctl recover`, finishes or undoes it.

For safety, a deploy limits what its source can do. From systemd/caddy.service.d/override.conf it installs only \
Restart*=, WatchdogSec= and Limit*= in [Service] and Upholds= for the watchdog in [Unit], and refuses other settings \
without --allow-unit-settings. checks.toml can send requests only to the listeners of the new configuration on this \
machine, and to its upstreams; `caddyctl verify` can send them anywhere.

The last line of --format json is an object with the keys changed, failed, diff (without secrets), phase, msg, deployment \
and unit_settings (those that --allow-unit-settings allowed).

Exit status: 0 deployed, or nothing to do; 1 the Caddyfile has errors, Caddy refused it, or the site did not respond; \
2 usage error, or a system error (not root, no systemd, Caddy not reachable, another deploy runs).";

/// Deploys.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    outcome::reported(args.how.format, deploy_source(args))
}

fn deploy_source(args: &Args) -> anyhow::Result<ExitCode> {
    let given = args.config.as_deref().or(args.path.as_deref()).unwrap_or(Path::new(input::DEFAULT));
    let tree = if let Some(from) = &args.from {
        Tree::open(from, args.place.raise.factor()).map_err(unreadable)?
    } else {
        let main = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        let folder = main.parent().unwrap_or(Path::new("/"));
        Tree::of_folder(&input::working_directory()?, folder)
            .map_err(|error| Fault::unreadable(given, &error))?
    };
    let main = tree.folder.join(given.file_name().unwrap_or(given.as_os_str()));
    tree.loader.read(&main).map_err(|error| unread(&tree, given, &error))?;
    let mut found = args.place.look()?;
    let how = &args.how;
    let drop_in = match if how.no_drop_in { None } else { optional(&tree, DROP_IN_PATH)? } {
        Some(bytes) => DropIn::new(bytes, DROP_IN_PATH, args.allow_unit_settings).map_err(Fault::from)?,
        None => DropIn::own(),
    };
    let checks = if how.no_checks { None } else { optional(&tree, CHECKS)? };
    let source = Source {
        main: &main,
        given: Some(&given.to_string_lossy()),
        drop_in: Some(drop_in),
        revision: tree.is_on_disk.then(|| revision::of(&tree.folder, &git::git(GIT_PATIENCE))).flatten(),
        on_disk: tree.is_on_disk.then_some(main.as_path()),
        checks: checks.map(|text| parse_checks(&text)).transpose()?,
        is_rollback: false,
        again: &args.place.again(),
    };
    let loader = Bounded::by_limits(tree.loader.as_ref(), found.limits());
    let done = from(&loader, &source, &mut found, how);
    count(&found);
    done
}

/// Shows what was found in the texts.
fn show(sources: &Sources, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        let mut found = diagnostics.to_vec();
        discreet(&mut found, sources, &variables(sources), Audience::Terminal);
        print::stderr_styled(full::render(&[Report { sources, diagnostics: &found }], colour::on_stderr()));
    }
}

/// Says how many Caddyfiles were compiled, for a test that asks; never in a release build.
fn count(found: &Found) {
    if cfg!(debug_assertions) && std::env::var_os("CADDYCTL_COUNT").is_some() {
        print::stderr(format!("compiled {} times\n", found.compilations()));
    }
}

/// Deploys the files of `loader`.
pub fn from(
    loader: &dyn Loader,
    source: &Source<'_>,
    found: &mut Found,
    how: &How,
) -> anyhow::Result<ExitCode> {
    found.has_no_rival().map_err(Fault::from)?;
    let has_units = found.systemd.is_some() || found.host.is_staged();
    let drop_in = source.drop_in.as_ref().filter(|_| has_units && !how.no_drop_in);
    let unit_settings = drop_in.map(|drop_in| drop_in.judge(&found.host.companion()));
    let unit_settings = unit_settings.transpose().map_err(Fault::from)?;
    if !how.dry_run {
        end_unfinished(found, how)?;
    }
    print::stderr(found.loose_folder().unwrap_or_default());
    let last = history::current(&found.host);
    let records = history::list(&found.host);
    let side = drop_in.map(|drop_in| units::files(drop_in, !how.no_watchdog, found, &records));
    let side = side.unwrap_or_default();
    found.foresee(&side.files).map_err(Fault::from)?;
    found.knows_environment().map_err(Fault::from)?;
    found.can_restart().map_err(Fault::from)?;
    let found = &*found;
    for note in &side.notes {
        print::stderr(format!("note: {}\n", line(note)));
    }
    let overlay =
        Overlay::new(&found.host, loader, source.main, last.as_ref()).read_by(found.reader.as_ref());
    let compiled = found.compiled(&overlay, loader, (source.main, source.given), !how.no_check);
    let (compiled, hosts) = compiled.map_err(Fault::from)?;
    let shown = &compiled.compilation;
    show(&shown.sources, &compiled.findings);
    let Some(verdict) = &compiled.verdict else { return outcome::refused(how.format) };
    let remarks = found.remarks(verdict, shown);
    if how.format == Format::Text || !remarks.is_empty() {
        print::stderr(remarks);
    }
    let json = verdict.json.clone();
    let config = caddyctl_deploy::json::read(&json)?;
    if !how.no_check {
        let findings = found.check(&config, shown);
        show(&shown.sources, &findings);
        if findings.iter().any(Diagnostic::is_error) {
            return outcome::refused(how.format);
        }
    }
    // The checks are the source's, and root asks them.
    let (bounds, reach) = (Bounds::of_config(&config), how.reach.read()?);
    let checks = source.checks.as_ref().filter(|_| !how.no_checks);
    if let Some(Err((check, reason))) = checks.map(|checks| bounds.judge(checks, &reach)) {
        let message = verify::beyond(CHECKS, check, &reason);
        return Err(Fault::input(message).help(verify::BEYOND_HELP).into());
    }
    let artifact = overlay.artifact(&hosts, json);
    let mut artifact = artifact.map_err(|error| Fault::unreadable(source.main, &error))?;
    artifact.files.extend(side.files);
    let reach = Reach { bounds: Some(bounds), ..reach };
    let known = found.admin(Some(&config));
    let run_checks = |left: Duration| match checks {
        Some(checks) => {
            let internal = found.authorities(&config, checks, &known);
            let (checks, reach) = (checks.clone(), Reach { internal, ..reach.clone() });
            let until = Some(Deadline::after(left));
            let outcomes = signals::unless_stopped(move || verify_until(&checks, &reach, until));
            let stopped = || Unserved("stopped on request".to_owned());
            let outcomes = outcomes.ok_or_else(stopped)?.map_err(|error| Unserved(error.to_string()))?;
            verify::failures(&outcomes).map_err(Unserved)
        }
        None => Ok(()),
    };
    let compile = || Ok(found.compile_installed()?);
    let compile_at = |path: &Path| Ok(found.compile_at(path)?);
    let installed = found.installed();
    let files = installed.as_ref().map(|installed| &installed.artifact);
    let foreseen = || found.is_as_foreseen();
    let progress = Progress::new(how.format == Format::Json);
    let observe = |step| progress.step(step);
    let waits = |holder: &Holder| progress.waits(holder);
    let setup = Setup {
        probe: !how.no_probe,
        force: how.force,
        start: !how.no_start,
        allow: Allow { empty: how.allow_empty, admin_off: how.allow_admin_off },
        revision: source.revision.clone(),
        source: source.on_disk.map(Path::to_owned),
        found: files.filter(|found| !found.files.is_empty()),
        compile_at: Some(&compile_at),
        foreseen: &foreseen,
        observe: &observe,
        waits: &waits,
        checks: &run_checks,
        awaited: checks
            .map(|checks| checks.check.iter().filter_map(Check::host).collect())
            .unwrap_or_default(),
        ..found.setup(known.clone(), &compile)
    };
    let planned = match plan(&artifact, &setup) {
        Ok(plan) => Plan { unit_settings: unit_settings.unwrap_or_default(), ..plan },
        Err(failure) => return outcome::failed(&failure, Step::Check, shown, how.format),
    };
    let diff = outcome::diff(&planned, &artifact);
    let lost = match installed
        .as_ref()
        .and_then(|installed| Some((installed.config.as_ref()?, &installed.artifact)))
    {
        Some((old, artifact)) if !planned.is_empty() => {
            losses(old, &config, artifact.json.len() + verdict.json.len())
        }
        _ => Vec::new(),
    };
    let variables = variables(&shown.sources);
    for loss in &lost {
        let loss = variables.hide_distinct(loss, Mode::Sentence);
        print::stderr(format!("loses   {}\n", line(&loss)));
    }
    let edited = if source.is_rollback { Vec::new() } else { planned.edited(last.as_ref()) };
    if how.dry_run || (planned.is_empty() && !how.force) {
        for path in edited.iter().filter(|_| how.dry_run && !how.replace_edits) {
            print::stderr(format!("edited  {}, since the last deployment\n", shown_path(path)));
        }
        return outcome::planned(&planned, &diff, how.dry_run, how.format);
    }
    let may_replace = source.is_rollback
        || how.replace_edits
        || (!edited.is_empty() && how.format == Format::Text && is_allowed(&edited, &diff)?);
    found.may_write().map_err(Fault::from)?;
    if found.systemd.as_ref().is_some_and(|(_, unit)| unit.get("UnitFileState") == "disabled") {
        let name = line(&found.host.unit);
        print::stderr(format!("note: {name} does not start at the next boot: `systemctl enable {name}`\n"));
    }
    if how.format == Format::Text {
        print::stdout(planned.to_string())?;
    }
    let change = Change { diff: &diff, unit_settings: &planned.unit_settings };
    let baseline = Some(last.as_ref().map(|record| record.id.clone()));
    let setup = Setup { cancel: signals::cancel(), replace_edits: may_replace, baseline, ..setup };
    let arm = |after| arm(&setup, source.again, after);
    let done = execute(&artifact, &setup, &progress, shown, (&change, &arm), how)?;
    if checks.is_none() && done == ExitCode::SUCCESS && how.format == Format::Text {
        unasked(&config, how.no_checks);
    }
    Ok(done)
}

/// Says that no site was asked, since nobody knows then whether one answers.
fn unasked(config: &serde_json::Value, by_wish: bool) {
    if !by_wish {
        print::stderr("note: no site was checked: no checks.toml next to the Caddyfile\n");
    }
    for silent in silent_upstreams(config) {
        print::stderr(format!("warning: {}\n", line(&silent)));
    }
}

/// Asks on a terminal whether edited files may be replaced; without one, the deploy says what to do.
fn is_allowed(edited: &[PathBuf], diff: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Ok(false);
    }
    print::stdout(shown::unified(diff))?;
    for path in edited {
        print::stderr(format!("{} was edited since the last deployment\n", shown_path(path)));
    }
    print::stderr("replace what was edited? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().lock().take(16).read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
