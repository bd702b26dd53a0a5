//! The command line: the only part that prints, exits, reads the environment or knows clap. One command a file, each
//! with `pub struct Args` and `pub fn run(args: &Args) -> anyhow::Result<ExitCode>`.
//!
//! Exit status everywhere: 0 fine, 1 the input or the comparison is at fault, 2 usage or the world. A command returns
//! 0 or 1 itself; an `Err` is the world's fault, and [`fault`] says how it is shown.

use std::process::ExitCode;

use caddyctl::deploy::apart;
use caddyctl::syntax::DEEP_STACK;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

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
mod memory;
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

/// Help has no longer lines, in characters.
const WIDEST: usize = 100;

/// Compile, check and deploy Caddyfiles, as Caddy 2.11.7 understands them.
#[derive(Debug, Parser)]
#[command(name = "caddyctl", version, disable_help_subcommand = true, arg_required_else_help = true)]
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
    /// Colours and links: auto (only on a terminal, and not with NO_COLOR), always, or never.
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
    #[command(about = explain::ABOUT)]
    Explain(explain::Args),
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

/// The arguments, where the first one is a command that scripts and editors run over and over. The others are not put
/// together then, which took a twelfth of the time for a small Caddyfile.
fn parse_alone() -> Option<Cli> {
    let mut words = std::env::args_os().skip(1);
    match words.next()?.to_str()? {
        "adapt" => Some(match adapt::Args::plain(&words.collect::<Vec<_>>()) {
            Some(args) => Cli { everywhere: Everywhere::default(), command: Command::Adapt(args) },
            None => alone("adapt", Command::Adapt),
        }),
        "fmt" => Some(alone("fmt", Command::Fmt)),
        "validate" => Some(alone("validate", Command::Validate)),
        _ => None,
    }
}

/// Parses the arguments of the command `name`; ends the program with what is wrong with them, or with their help.
fn alone<A: clap::Args>(name: &'static str, command: fn(A) -> Command) -> Cli {
    let mut definition = definition_alone::<A>(name);
    let parsed = definition.try_get_matches_from_mut(std::env::args_os().skip(1)).and_then(|matches| {
        let everywhere = Everywhere::from_arg_matches(&matches)?;
        Ok(Cli { everywhere, command: command(A::from_arg_matches(&matches)?) })
    });
    parsed.unwrap_or_else(|error| error.exit())
}

/// The definition of the command `name` without the others.
fn definition_alone<A: clap::Args>(name: &'static str) -> clap::Command {
    let command = clap::Command::new(name).bin_name(format!("caddyctl {name}")).max_term_width(WIDEST);
    Everywhere::augment_args(A::augment_args(command))
}

/// Parses the arguments, runs the command, and turns what came of it into an exit status.
pub fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == apart::WORD) {
        print::stderr(apart::become_other(words) + "\n");
        return ExitCode::from(126);
    }
    let cli = parse_alone().unwrap_or_else(Cli::parse);
    cli.everywhere.color.apply();
    let run = || cli.command.run().unwrap_or_else(|error| fault::report(&error));
    // `adapt` looks first whether it needs so much.
    if matches!(cli.command, Command::Adapt(_)) { run() } else { stacker::grow(DEEP_STACK, run) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn a_command_alone_has_the_same_help() {
        let mut all = definition();
        all.build();
        for mut alone in [
            definition_alone::<adapt::Args>("adapt"),
            definition_alone::<fmt::Args>("fmt"),
            definition_alone::<validate::Args>("validate"),
        ] {
            let among = all.find_subcommand_mut(alone.get_name()).unwrap();
            assert_eq!(alone.render_long_help().to_string(), among.render_long_help().to_string());
            assert_eq!(alone.render_help().to_string(), among.render_help().to_string());
        }
    }

    #[test]
    fn plain_arguments_are_read_as_clap_reads_them() {
        let read = |words: &[&str]| {
            let words: Vec<_> = words.iter().map(Into::into).collect();
            adapt::Args::plain(&words).map(|args| format!("{args:?}"))
        };
        for words in [&[][..], &["--config", "x"], &["--config", "/a b/Caddyfile"]] {
            let clap = Cli::parse_from(["caddyctl", "adapt"].iter().chain(words));
            let Command::Adapt(args) = clap.command else { unreachable!("it is `adapt`") };
            assert_eq!(read(words), Some(format!("{args:?}")), "{words:?}");
            assert_eq!(format!("{:?}", clap.everywhere), format!("{:?}", Everywhere::default()));
        }
        for words in [&["--config"][..], &["--config", ""], &["--config", "-p"], &["-p"], &["x"], &["--help"]]
        {
            assert_eq!(read(words), None, "{words:?}");
        }
    }

    #[test]
    fn every_command_says_how_it_exits() {
        let mut definition = definition();
        let listed: Vec<_> =
            definition.get_subcommands().map(|command| command.get_about().cloned()).collect();
        definition.build();
        for (command, listed) in definition.get_subcommands().zip(listed) {
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
