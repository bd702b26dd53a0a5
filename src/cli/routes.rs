//! `caddyctl routes`: which requests come to what, in the order in which Caddy tries it.

use std::path::PathBuf;
use std::process::ExitCode;

use caddyctl_analysis::routes::{Route, Table, format, place};
use caddyctl_language::diagnostics::discretion::Audience;

use super::environment::Environment;
use super::limits::Raise;
use super::reach::Reach;
use super::{diff, input, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str =
    "Print the route table: which requests are answered by what, in the order in which Caddy tries";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH", default_value = input::DEFAULT)]
    path: PathBuf,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    /// The form of the table.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The form of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns for a terminal.
    #[default]
    Table,
    /// A list of routes.
    Json,
    /// Tables for a page of text.
    Markdown,
    /// One page with a map: sites, matchers, upstreams.
    Html,
}

const HELP: &str = "Examples:
  caddyctl routes
  caddyctl routes --format html > routes.html
  curl -s localhost:2019/config/ | caddyctl routes -

Routes are listed in the order in which Caddy tries them, not in that of the file. A route that no request reaches is \
marked, with the line that takes its requests.

Exit status: 0 listed; 2 wrong usage, or a file that cannot be read or does not compile.";

/// Prints the route table.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let env = args.environment.read()?;
    let audience = if args.format == Format::Table { Audience::Terminal } else { Audience::Program };
    let with = diff::With { env: &env, allowed: &args.reach.allow_read, raise: args.raise, audience };
    let name = args.path.to_string_lossy();
    let Some(side) = diff::side(&args.path, &with)? else { return Ok(ExitCode::from(2)) };
    diff::check_size(&[&side], args.raise)?;
    let table = Table::shown(side.tree(), &side.sources);
    if table.is_incomplete {
        print::stderr(
            "note: there are too many matchers to compare them all; routes that no request reaches may not be marked\n",
        );
    }
    let at = |route: &Route| place(&side.sources, route.span);
    match args.format {
        Format::Table => print::stdout(format::text(&table, &at))?,
        Format::Json => print::data(format::json(&table, &side.sources))?,
        Format::Markdown => print::data(format::markdown(&table, &at))?,
        Format::Html => print::data(format::html(&name, &table, &at))?,
    }
    Ok(ExitCode::SUCCESS)
}
