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
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl deploy --confirm 60s
  sudo caddyctl confirm

`deploy --confirm 60s` loads the new configuration, but does not install the files yet; `confirm` installs them. If you do \
not run `confirm` in time, a systemd timer rolls the deploy back, even if your shell or connection is gone. A reboot rolls \
it back too.

Exit status: 0 success; 1 no deploy waits for confirmation, or it was undone because the time is over; 2 usage error or system error.";

/// Confirms.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
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
