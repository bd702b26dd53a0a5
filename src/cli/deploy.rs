//! `caddyctl deploy`: compile, check, install, load, verify; or put everything back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_deploy::place::Found;
use caddyctl_deploy::source::revision;
use caddyctl_deploy::source::tree::Tree;
use caddyctl_deploy::state::history::Extras;
use caddyctl_deploy::systemd::drop_in::DropIn;
use caddyctl_host::Bounded;

use super::fault::Fault;
use super::verify::ReachArgs;
use super::{git, input, print};

mod aftermath;
mod checking;
pub mod duration;
mod edits;
mod execute;
mod install;
mod offline;
mod other_version;
pub mod outcome;
pub mod place;
pub mod progress;
pub mod signals;
mod source;

pub use install::from;
use outcome::Format;
use place::Place;
pub use source::Source;
use source::{CHECKS, DROP_IN_PATH, KeptChecks, optional, unread, unreadable};

/// How long git may take for each of its answers; a deploy does not wait for a name.
const GIT_PATIENCE: Duration = Duration::from_secs(5);

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Load a Caddyfile into the running Caddy and install it, or change nothing";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile, or a folder as for --from. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    path: Option<PathBuf>,
    /// The Caddyfile (the same option as in `caddy reload`).
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Deploy the Caddyfile in this folder or archive (.tar.gz; `-` reads one from standard input), with its imports. Paths
    /// in messages are relative to it.
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
    /// Allow a configuration that turns the admin API off, and a deploy to a Caddy whose admin API is off. This restarts
    /// Caddy, which closes open connections.
    #[arg(long)]
    allow_admin_off: bool,
    #[command(flatten, next_help_heading = "Checks")]
    reach: ReachArgs,
    /// Do not check that each listener responds. For a Caddy in another container or on another machine.
    #[arg(long)]
    no_probe: bool,
    /// Do not run the checks.toml next to the Caddyfile, neither offline nor against the sites.
    #[arg(long)]
    no_checks: bool,
    /// Do not check for errors that Caddy finds only when it loads the configuration. This does not skip checks.toml;
    /// --no-checks does.
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
  git archive HEAD | ssh host sudo caddyctl deploy --from -
  caddyctl deploy --root image/
  caddyctl deploy --no-systemd --admin unix//run/caddy/admin.sock

A deploy has these steps:
  1. Compile and check the Caddyfile with the environment of the service, and run the checks.toml next to it offline, as \
`caddyctl test` does. The version of the host's Caddy counts. The host's Caddy compiles it too, as the service's user. If its \
plugins, or a version that caddyctl does not know, lead to another result, that result is used, and the differences are listed.
     If the version is another one than at the last deployment, print what `caddyctl upgrade` says.
  2. Load the configuration into the running Caddy. If Caddy refuses it, nothing has changed.
  3. Check that each listener responds, and send the requests of checks.toml. If a check fails, Caddy gets the old \
configuration again.
  4. Install the files. The replaced files are kept for `caddyctl rollback`, including files that you installed by hand.
If a deploy is killed, the next deploy, or `caddyctl recover`, finishes or undoes it.

For safety, a deploy limits what its source can do. From systemd/caddy.service.d/override.conf it installs only \
Restart*=, WatchdogSec= and Limit*= in [Service] and Upholds= for the watchdog in [Unit], and refuses other settings \
without --allow-unit-settings. checks.toml can send requests only to the listeners of the new configuration on this \
machine, and to its upstreams; `caddyctl verify` can send them anywhere.

The history records the commit of a checkout or of a `git archive`. A revision.toml in an archive sets `revision` and \
`author` instead.

The last line of --format json is an object with the keys changed, failed, diff (without secrets), phase, msg, deployment, \
losses (what the deploy takes away), unit_settings (those that --allow-unit-settings allowed) and upgrade (what changes if \
the host's Caddy has another version than at the last deployment).

Exit status: 0 deployed, or nothing to do; 1 the Caddyfile has errors, Caddy refused it, a check failed, a listener did not \
respond, or a file on the host was edited; 2 usage error, or a system error (not root, Caddy not reachable, another deploy runs).";

/// Deploys.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    outcome::reported(args.how.format, deploy_source(args))
}

fn deploy_source(args: &Args) -> anyhow::Result<ExitCode> {
    let given = args.config.as_deref().or(args.path.as_deref()).unwrap_or(Path::new(input::DEFAULT));
    // A folder means its Caddyfile.
    let folder = args.path.as_ref().filter(|path| path.is_dir());
    let tree = if let Some(from) = args.from.as_ref().or(folder) {
        let raised = args.place.raise.factor();
        let tree = if from == Path::new(input::STDIN) {
            Tree::of_archive(from, std::io::stdin().lock(), raised)
        } else {
            Tree::open(from, raised)
        };
        tree.map_err(unreadable)?
    } else {
        let main = std::path::absolute(given).map_err(|error| Fault::unreadable(given, &error))?;
        let folder = main.parent().unwrap_or(Path::new("/"));
        Tree::of_folder(&input::working_directory()?, folder)
            .map_err(|error| Fault::unreadable(given, &error))?
    };
    let main = tree.folder.join(given.file_name().unwrap_or(given.as_os_str()));
    tree.loader.read(&main).map_err(|error| unread(&tree, given, &error))?;
    let mut found = args.place.look_around()?;
    let mut wanted = args.place.wanted(tree.is_on_disk.then_some(main.as_path()))?;
    if !tree.is_on_disk {
        wanted.version = source::version(&tree)?;
    }
    args.place.know(&found, wanted)?;
    let how = &args.how;
    let drop_in = match if how.no_drop_in { None } else { optional(&tree, DROP_IN_PATH)? } {
        Some(bytes) => DropIn::new(bytes, DROP_IN_PATH, args.allow_unit_settings).map_err(Fault::from)?,
        None => DropIn::own(),
    };
    let checks = optional(&tree, CHECKS)?.map(KeptChecks::parse);
    // Checks that do not run need not be valid.
    let checks = if how.no_checks { checks.and_then(Result::ok) } else { checks.transpose()? };
    let source = Source {
        main: &main,
        given: Some(&given.to_string_lossy()),
        drop_in: Some(drop_in),
        revision: if tree.is_on_disk {
            revision::of(&tree.folder, &git::git(GIT_PATIENCE))
        } else {
            tree.origin.revision.clone()
        },
        author: tree.origin.author.clone(),
        on_disk: tree.is_on_disk.then_some(main.as_path()),
        checks,
        extras: Extras::new(),
        links: Vec::new(),
        ran: None,
        is_rollback: false,
        again: &args.place.again(),
    };
    let loader = Bounded::by_limits(tree.loader.as_ref(), found.limits());
    let done = from(&loader, &source, &mut found, how);
    count(&found);
    done
}

/// Says how many Caddyfiles were compiled, for a test that asks; never in a release build.
fn count(found: &Found) {
    if cfg!(debug_assertions) && std::env::var_os("CADDYCTL_COUNT").is_some() {
        print::stderr(format!("compiled {} times\n", found.compilations()));
    }
}
