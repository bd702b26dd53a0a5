//! `caddyctl confirm`: keep a deploy that waits for it.

use std::process::ExitCode;

use caddyctl_deploy::transaction::confirm::confirm;
use caddyctl_deploy::transaction::recover::Recovery;
use caddyctl_deploy::transaction::setup::Setup;

use super::deploy::place::Place;
use super::deploy::{outcome, signals};
use super::fault::Fault;
use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Keep a deploy that waits for confirmation";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    #[command(flatten)]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl deploy --confirm 60s
  sudo caddyctl confirm

`deploy --confirm 60s` loads the new configuration and leaves the files as they are. Without this command in time, \
systemd rolls back, even if the deploying shell is gone; a reboot rolls back, too.

Exit status: 0 success; 1 no deploy waits, or it was undone because its time had passed; 2 usage error or system error.";

/// Confirms.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.may_write().map_err(Fault::from)?;
    let compile = || Ok(found.compile_installed()?);
    let setup = Setup { cancel: signals::cancel(), ..found.setup(found.admin(None), &compile) };
    let recovery = confirm(&setup)?;
    let kept = matches!(recovery, Some(Recovery::Finished { .. }));
    let line =
        recovery.as_ref().map_or_else(|| "no deploy waits for a confirmation".to_owned(), outcome::recovered);
    print::stdout(line + "\n")?;
    Ok(ExitCode::from(u8::from(!kept)))
}
