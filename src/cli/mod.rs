//! The command line: the only part that prints, exits, reads the environment or knows clap. One command a file, each
//! with `pub struct Args` and `pub fn run(args: &Args) -> anyhow::Result<ExitCode>`.
//!
//! Exit status everywhere: 0 fine, 1 the input or the comparison is at fault, 2 usage or the world. A command returns
//! 0 or 1 itself; an `Err` is the world's fault, and [`fault`] says how it is shown.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod adapt;
mod colour;
mod completions;
mod confirm;
mod deploy;
mod diff;
mod doctor;
mod environment;
mod explain;
mod fault;
mod fmt;
mod history;
mod input;
mod lsp;
mod man;
mod overwrite;
mod paths;
mod print;
mod provision;
mod recover;
mod rollback;
mod routes;
mod status;
mod uninstall;
mod validate;
mod verify;
mod version;
mod watchdog;

const EXIT_STATUS: &str = "Exit status: 0 fine; 1 the input or the comparison is at fault; 2 wrong usage, or the \
world (a file that is missing or may not be read, Caddy that does not answer).";

/// Compile, check and deploy Caddyfiles, as Caddy 2.11.7 understands them.
#[derive(Debug, Parser)]
#[command(name = "caddyctl", version, disable_help_subcommand = true, arg_required_else_help = true)]
#[command(max_term_width = 100, after_help = EXIT_STATUS)]
struct Cli {
    /// Colours and links: auto (only on a terminal, and not with NO_COLOR), always, or never.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    color: colour::When,
    #[command(subcommand)]
    command: Command,
}

/// The commands, in the order in which help lists them. The arguments of all are not put together for the sake of one.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    /// Find every fault of Caddyfiles; changes nothing and needs no Caddy.
    Validate(validate::Args),
    /// Print the JSON that `caddy adapt` would print.
    Adapt(adapt::Args),
    /// Lay out Caddyfiles as `caddy fmt` does.
    Fmt(fmt::Args),
    /// Say which requests a change of configuration answers differently.
    Diff(diff::Args),
    /// Print the route table: which requests are answered by what, in the order in which Caddy tries.
    Routes(routes::Args),
    /// Install a Caddyfile and load it into the running Caddy, or change nothing.
    Deploy(deploy::Args),
    /// Keep a deploy that waits for its confirmation.
    Confirm(confirm::Args),
    /// Finish or undo a deploy that was killed.
    Recover(recover::Args),
    /// List the last deployments.
    History(history::Args),
    /// Deploy an earlier deployment again.
    Rollback(rollback::Args),
    /// Say what is deployed, what runs, and whether all is well.
    Status(status::Args),
    /// Find out why a site does not work.
    Doctor(doctor::Args),
    /// Ask the served sites what checks.toml says.
    Verify(verify::Args),
    /// Take away what deploys put beside Caddy.
    Uninstall(uninstall::Args),
    /// Keep Caddy's watchdog quiet as long as Caddy answers (run by caddy-watchdog.service).
    Watchdog(watchdog::Args),
    /// Say what a fault's code means and what to do about it, or what a directive does.
    Explain(explain::Args),
    /// Serve an editor: faults as you type, completion, hover, definitions, layout.
    Lsp(lsp::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
    /// Print the manual page, or write all of them to a folder.
    Man(man::Args),
    /// Print the version, and that of the Caddy whose language this is.
    Version(version::Args),
}

impl Command {
    fn run(&self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Validate(args) => validate::run(args),
            Self::Adapt(args) => adapt::run(args),
            Self::Fmt(args) => fmt::run(args),
            Self::Diff(args) => diff::run(args),
            Self::Routes(args) => routes::run(args),
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
            Self::Explain(args) => explain::run(args),
            Self::Lsp(args) => lsp::run(args),
            Self::Completions(args) => completions::run(args),
            Self::Man(args) => man::run(args),
            Self::Version(args) => version::run(args),
        }
    }
}

/// The definition of all commands: what help, completions and manual pages are made from.
fn definition() -> clap::Command {
    Cli::command()
}

/// Parses the arguments, runs the command, and turns what came of it into an exit status.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.apply();
    cli.command.run().unwrap_or_else(|error| fault::report(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_says_how_it_exits() {
        for command in definition().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Exit status:"), "{}: no exit status in the help", command.get_name());
        }
    }
}
