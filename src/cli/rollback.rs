//! `caddyctl rollback`: deploy an earlier deployment again.

use std::path::Path;
use std::process::ExitCode;

use caddyctl_deploy::artifact::Role;
use caddyctl_deploy::state::history::{self, Outcome};
use caddyctl_deploy::systemd::drop_in::DropIn;
use caddyctl_host::{Bounded, regular};
use caddyctl_language::source::{Memory, shown};

use super::deploy::place::Place;
use super::deploy::{How, Source, from, outcome};
use super::fault::Fault;
use super::history::unreadable;
use super::print;
use super::verify::stored;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Deploy the files of an earlier deployment again";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// How many deployments to go back.
    #[arg(value_name = "N", default_value_t = 1)]
    back: usize,
    #[command(flatten)]
    how: How,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl history
  sudo caddyctl rollback
  sudo caddyctl rollback 3 --dry-run

N is a number from `caddyctl history`: 0 is the current deployment, 1 the one before it. Files that a deploy found and \
replaced count as a deployment too (`found`). A rollback is a normal deploy: it compiles, checks and loads the configuration, \
checks that each listener responds, and is undone if that fails. It does not run checks.toml, which belongs to the newer \
files, so --no-checks has no effect; run `caddyctl verify` afterwards.

Exit status: 0 rolled back, or nothing to do; 1 Caddy refused it, or the deployment does not exist; 2 usage error or \
system error.";

/// Rolls back.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    outcome::reported(args.how.format(), roll_back(args))
}

fn roll_back(args: &Args) -> anyhow::Result<ExitCode> {
    let mut found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
    let all = history::all(&found.host).map_err(|error| unreadable(&error))?;
    let mut deployed = all.into_iter().filter(|record| record.outcome.was_in_place());
    let Some(record) = deployed.nth(args.back) else {
        let message = format!("no deployment {} steps back", args.back);
        return Err(Fault::input(message).help("`caddyctl history` lists them").into());
    };
    let mut memory = Memory::new(found.host.config_folder());
    let mut drop_in = None;
    let mut main = found.host.caddyfile.clone();
    let mut links = Vec::new();
    for file in history::files(&found.host, &record)? {
        let Some(bytes) = file.bytes else { continue };
        let known = record.files.iter().find(|known| known.path == file.path);
        if let Some(to) = known.and_then(|known| known.link.clone()) {
            // The link comes back where it leads to what it led to.
            let there = file.path.parent().unwrap_or(Path::new("/")).join(&to);
            if found.host.read(&there, regular::MOST).is_ok_and(|now| now == bytes) {
                links.push((file.path.clone(), to));
            } else {
                print::stderr(format!(
                    "note: {} was a symbolic link to {}, which has changed since: the old content comes back as a file\n",
                    shown::path(&file.path),
                    shown::path(&to)
                ));
            }
        }
        match file.role {
            // It was in force on this host, which whoever deployed it allowed.
            Role::DropIn if file.path.extension().is_some_and(|end| end == "conf") => {
                drop_in = Some(DropIn::new(bytes, file.path.to_string_lossy(), true).map_err(Fault::from)?);
            }
            Role::Caddyfile => {
                memory.add(&file.path, bytes);
                main = file.path;
            }
            Role::Import => memory.add(&file.path, bytes),
            Role::HostImport if record.outcome == Outcome::Found => memory.add(&file.path, bytes),
            _ => {}
        }
    }
    // Of what was found, nobody had deployed a drop-in: the one that is there stays.
    let source = Source {
        main: Path::new(&main),
        given: None,
        drop_in,
        revision: record.revision.clone(),
        author: record.author.clone(),
        on_disk: None,
        checks: None,
        extras: stored::extras_of(&found, &record)?,
        links,
        ran: history::extra(&found.host, &record, history::RAN).map_err(|error| unreadable(&error))?,
        is_rollback: true,
        again: &args.place.again(),
    };
    // Whoever deployed it allowed it to grow so much.
    found.raised = found.raised.max(record.raised);
    from(&Bounded::by_limits(&memory, found.limits()), &source, &mut found, &args.how)
}
