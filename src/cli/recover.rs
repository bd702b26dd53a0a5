//! `caddyctl recover`: finish or undo a deploy that was killed.

use std::process::ExitCode;

use caddyctl_deploy::transaction::recover::recover;
use caddyctl_deploy::transaction::setup::Setup;

use super::deploy::place::Place;
use super::deploy::{outcome, signals};
use super::fault::Fault;
use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Finish or undo a deploy that was killed";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Also undo a deploy that waits for its confirmation.
    #[arg(long)]
    overdue: bool,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl recover
  sudo caddyctl recover --overdue   # undo a deploy that nobody has confirmed

A deploy records each step. If it was killed after the checks of the new configuration passed, recover finishes it; \
otherwise it restores the old files and configuration. The next deploy does the same first.

Exit status: 0 finished, undone, or nothing to do; 2 recovery failed (the error describes the current state), or usage error.";

/// Recovers.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
    found.may_write().map_err(Fault::from)?;
    let compile = || Ok(found.compile_installed()?);
    let setup = Setup { cancel: signals::cancel(), ..found.setup(found.admin(None), &compile) };
    let _lock = setup.lock().map_err(outcome::locked)?;
    let line = match recover(&setup, args.overdue).map_err(|error| outcome::unrecovered(&error))? {
        Some(recovery) => outcome::recovered(&recovery),
        None => "nothing to do: no deploy was left unfinished".to_owned(),
    };
    print::stdout(line + "\n")?;
    Ok(ExitCode::SUCCESS)
}
