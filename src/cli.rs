//! The command line: the only part that prints, exits, reads the environment or knows clap. One command a file, each
//! with `pub struct Args` and `pub fn run(args: &Args) -> anyhow::Result<ExitCode>`. Those that work on a server need the
//! feature `deploy`; without it the program builds for other systems than Linux, too.
//!
//! Exit status everywhere: 0 success, 1 an error in the input or a difference, 2 a usage or system error. A command returns
//! 0 or 1 itself; an `Err` is a system error, and [`fault`] shows it.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod adapt;
mod advisories;
mod colour;
mod completions;
#[cfg(feature = "deploy")]
mod confirm;
#[cfg(feature = "deploy")]
mod deploy;
mod diff;
#[cfg(feature = "deploy")]
mod doctor;
mod environment;
mod explain;
mod fault;
mod flags;
mod fmt;
mod git;
#[cfg(feature = "deploy")]
mod history;
mod init;
mod input;
mod limits;
mod lsp;
mod man;
mod model;
mod needs;
mod os;
mod overwrite;
mod paths;
mod plugins;
mod print;
mod program;
mod provision;
mod reach;
#[cfg(feature = "deploy")]
mod recover;
#[cfg(feature = "deploy")]
mod rollback;
mod routes;
mod rules;
#[cfg(feature = "deploy")]
mod server;
mod settings;
#[cfg(feature = "deploy")]
mod status;
mod test;
mod trace;
mod traffic;
#[cfg(feature = "deploy")]
mod uninstall;
mod upgrade;
mod validate;
#[cfg(feature = "deploy")]
mod verify;
mod version;
#[cfg(feature = "deploy")]
mod watchdog;
mod with;

const EXIT_STATUS: &str = "Exit status: 0 success; 1 errors in the input, or differences; 2 usage error, or a system \
error such as an unreadable file or Caddy not responding. Commands that need a valid Caddyfile, such as diff, exit with 2 if it \
has errors.";

/// Help has no longer lines, in characters.
const WIDEST: usize = 100;

#[cfg_attr(feature = "deploy", doc = "Compile, check and deploy Caddyfiles for Caddy 2.6.2 to 2.11.9.")]
#[cfg_attr(not(feature = "deploy"), doc = "Compile and check Caddyfiles for Caddy 2.6.2 to 2.11.9.")]
#[derive(Debug, Parser)]
#[command(name = "caddyctl", version, arg_required_else_help = true)]
#[command(max_term_width = WIDEST, after_help = EXIT_STATUS)]
struct Cli {
    #[command(flatten)]
    everywhere: Everywhere,
    #[command(subcommand)]
    command: Command,
}

// The options of all commands. As documentation, clap would take this for what each command is for.
#[derive(Debug, Default, clap::Args)]
struct Everywhere {
    #[allow(clippy::doc_markdown, reason = "help shows the text as it is")]
    /// Colours and links: auto (only on a terminal or with FORCE_COLOR, and not with NO_COLOR), always, or never.
    #[arg(
        long,
        global = true,
        display_order = 0,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = true
    )]
    color: colour::When,
}

/// The commands, in the order in which help lists them. The arguments of all are not put together for the sake of one.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
enum Command {
    #[command(about = validate::ABOUT)]
    Validate(validate::Args),
    #[command(about = adapt::ABOUT)]
    Adapt(adapt::Args),
    #[command(about = fmt::ABOUT)]
    Fmt(fmt::Args),
    #[command(about = diff::ABOUT)]
    Diff(diff::Args),
    #[command(about = routes::ABOUT)]
    Routes(routes::Args),
    #[command(about = trace::ABOUT)]
    Trace(trace::Args),
    #[command(about = test::ABOUT)]
    Test(Box<test::Args>),
    #[command(about = advisories::ABOUT)]
    Advisories(advisories::Args),
    #[command(about = needs::ABOUT)]
    Needs(needs::Args),
    #[command(about = upgrade::ABOUT)]
    Upgrade(upgrade::Args),
    #[cfg(feature = "deploy")]
    #[command(flatten)]
    Server(server::Command),
    #[command(about = explain::ABOUT)]
    Explain(explain::Args),
    #[command(about = init::ABOUT)]
    Init(init::Args),
    #[command(about = plugins::ABOUT)]
    Plugins(plugins::Args),
    #[command(about = rules::ABOUT)]
    Rules(rules::Args),
    #[command(about = lsp::ABOUT)]
    Lsp(lsp::Args),
    #[command(about = completions::ABOUT)]
    Completions(completions::Args),
    #[command(about = man::ABOUT)]
    Man(man::Args),
    #[command(about = version::ABOUT)]
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
            Self::Trace(args) => trace::run(args),
            Self::Test(args) => test::run(args),
            Self::Advisories(args) => advisories::run(args),
            Self::Needs(args) => needs::run(args),
            Self::Upgrade(args) => upgrade::run(args),
            #[cfg(feature = "deploy")]
            Self::Server(command) => command.run(),
            Self::Explain(args) => explain::run(args),
            Self::Init(args) => init::run(args),
            Self::Plugins(args) => plugins::run(args),
            Self::Rules(args) => rules::run(args),
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
    #[cfg(feature = "deploy")]
    if let Some(status) = server::become_other() {
        return status;
    }
    if let Some(status) = completions::answer() {
        return status;
    }
    let arguments = flags::plain(std::env::args_os(), &definition());
    let cli = Cli::try_parse_from(arguments).unwrap_or_else(|error| fault::usage(error));
    cli.everywhere.color.apply();
    stacker::grow(limits::STACK, || cli.command.run().unwrap_or_else(|error| fault::report(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_documents_its_exit_statuses() {
        let mut definition = definition();
        let listed: Vec<_> =
            definition.get_subcommands().map(|command| command.get_about().cloned()).collect();
        definition.build();
        for (command, listed) in definition.get_subcommands().zip(listed) {
            // That of clap itself.
            if command.get_name() == "help" {
                continue;
            }
            assert_eq!(
                command.get_about(),
                listed.as_ref(),
                "{}: help and list say the same",
                command.get_name()
            );
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("Exit status:"), "{}: no exit status in the help", command.get_name());
        }
    }
}
