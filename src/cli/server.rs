//! The commands that work on a server, which the program has with the feature `deploy`.

use std::process::ExitCode;

use caddyctl_deploy::process::apart;
use clap::Subcommand;

use super::print;
use super::{confirm, deploy, doctor, history, recover, rollback, status, uninstall, verify, watchdog};

/// The commands, in the order in which help lists them.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    #[command(about = deploy::ABOUT)]
    Deploy(deploy::Args),
    #[command(about = confirm::ABOUT)]
    Confirm(confirm::Args),
    #[command(about = recover::ABOUT)]
    Recover(recover::Args),
    #[command(about = history::ABOUT)]
    History(history::Args),
    #[command(about = rollback::ABOUT)]
    Rollback(rollback::Args),
    #[command(about = status::ABOUT)]
    Status(status::Args),
    #[command(about = doctor::ABOUT)]
    Doctor(doctor::Args),
    #[command(about = verify::ABOUT)]
    Verify(verify::Args),
    #[command(about = uninstall::ABOUT)]
    Uninstall(uninstall::Args),
    #[command(about = watchdog::ABOUT)]
    Watchdog(watchdog::Args),
}

impl Command {
    /// Runs the command.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Deploy(args) => deploy::run(args),
            Self::Confirm(args) => confirm::run(args),
            Self::Recover(args) => recover::run(args),
            Self::History(args) => history::run(args),
            Self::Rollback(args) => rollback::run(args),
            Self::Status(args) => status::run(args),
            Self::Doctor(args) => doctor::run(args),
            Self::Verify(args) => verify::run(args),
            Self::Uninstall(args) => uninstall::run(args),
            Self::Watchdog(args) => watchdog::run(args),
        }
    }
}

/// Becomes another program where the arguments say so: the process that asks Caddy is started with such arguments. Returns
/// the exit status when that fails, and `None` when the arguments are those of a command.
pub fn become_other() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    words.next().filter(|word| word == apart::WORD)?;
    print::stderr(apart::become_other(words) + "\n");
    Some(ExitCode::from(126))
}
