//! `caddyctl history`: the last deployments.

use std::fmt::Write as _;
use std::process::ExitCode;

use caddyctl_deploy::files::write::WriteError;
use caddyctl_deploy::state::history::{self, Outcome, Record};
use caddyctl_language::source::shown;

use super::deploy::outcome::Format;
use super::deploy::place::Place;
use super::fault::Fault;
use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List the last deployments";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP, mut_args(hidden))]
pub struct Args {
    /// Text, or one JSON array.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl history
  sudo caddyctl rollback 1

Lists the last 20 deployments, newest first, with time, result, digest of the configuration, git revision (`+` after it \
means uncommitted changes) and user. The result `found` means files that were installed by hand before a deploy replaced \
them. `caddyctl rollback` takes the number at the start of a line.

Exit status: 0 success; 2 usage error or system error.";

/// The options that all commands for servers share are accepted. A list of what was written down needs only the folder.
fn hidden(argument: clap::Arg) -> clap::Arg {
    let is_needed = matches!(argument.get_id().as_str(), "format" | "root" | "unit" | "color" | "help");
    argument.hide(!is_needed)
}

/// Lists.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
    let all = history::all(&found.host).map_err(|error| unreadable(&error))?;
    match args.format {
        Format::Json => print::json(&all)?,
        Format::Text => print::stdout(table(&all))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A history that is there and cannot be used, which is another thing than an empty one.
pub fn unreadable(error: &WriteError) -> Fault {
    let fault = Fault::system(error.to_string());
    match error.help() {
        Some(help) => fault.help(help),
        None => fault,
    }
}

fn table(all: &[Record]) -> String {
    let mut text = String::new();
    let mut number = 0;
    for record in all {
        let (place, outcome) = match record.outcome {
            Outcome::Deployed | Outcome::Found => {
                number += 1;
                let place = if number == 1 { "now".to_owned() } else { (number - 1).to_string() };
                (place, if record.outcome == Outcome::Found { "found" } else { "deployed" })
            }
            Outcome::Pending => (String::new(), "not ended"),
            Outcome::Undone => (String::new(), "undone"),
        };
        let revision = record.revision.as_deref().and_then(|revision| revision.get(..12)).unwrap_or("-");
        // With uncommitted changes.
        let revision = shown::line(revision) + if record.modified { "+" } else { "" };
        let who = if record.who.is_empty() { "-" } else { &*shown::line(&record.who) };
        let author = record.author.as_ref().map(|author| format!(", written by {}", shown::line(author)));
        let author = author.unwrap_or_default();
        let config = record.config.short();
        let _ = writeln!(
            text,
            "{place:>3}  {}  {outcome:<9}  {config}  {revision:<12}  {who}{author}",
            shown::line(&record.when)
        );
    }
    if text.is_empty() { "nothing has been deployed yet\n".to_owned() } else { text }
}
