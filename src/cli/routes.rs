//! `caddyctl routes`: which requests come to what, in the order in which Caddy tries it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::routes::format::{self, Look};
use caddyctl_analysis::routes::{Route, Table, place};
use caddyctl_language::diagnostics::discretion::Audience;

use super::environment::{Environment, OfService};
use super::limits::Raise;
use super::reach::Reach;
use super::with::Plugins;
use super::{colour, diff, input, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List which requests get which response";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH", conflicts_with = "config")]
    path: Option<PathBuf>,
    /// The Caddyfile, as the commands of Caddy take it.
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Treat standard input as the content of this file: messages show its name, and imports are relative to its folder.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    service: OfService,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    plugins: Plugins,
    /// Make the lines of --format html links for an editor: an address in which `{file}` and `{line}` are replaced, such as
    /// vscode://file{file}:{line}.
    #[arg(long, value_name = "URL")]
    editor_url: Option<String>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columns of text.
    #[default]
    Table,
    /// A JSON list of routes.
    Json,
    /// Tables in Markdown.
    Markdown,
    /// A page with a map of sites, matchers and upstreams.
    Html,
}

const HELP: &str = "Examples:
  caddyctl routes
  caddyctl routes --format html > routes.html
  caddyctl routes --stdin-filename /etc/caddy/Caddyfile - < draft
  curl -s localhost:2019/config/ | caddyctl routes -

Routes are listed in the order in which Caddy tries them, not in the order of the file. A route that never gets a \
request is marked, with the line that answers its requests instead.

Exit status: 0 success; 2 usage error, or a file cannot be read or does not compile.";

/// A path in an address.
fn escaped(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let one = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(one).collect()
}

/// Prints the route table.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let env = args.environment.read_with(&args.service)?;
    let audience = if args.format == Format::Table { Audience::Terminal } else { Audience::Program };
    let with = diff::With {
        env: &env,
        reach: &args.reach,
        raise: args.raise,
        plugins: &args.plugins.for_service(&args.service),
        host: None,
        audience,
    };
    let named = args.config.as_deref().or(args.path.as_deref());
    let is_stdin = named.is_none_or(|path| path == Path::new(input::STDIN));
    let (path, side) = if let Some(name) = args.stdin_filename.as_deref().filter(|_| is_stdin) {
        (name, diff::side_of_stdin(name, &with)?)
    } else {
        let path = named.unwrap_or(Path::new(input::DEFAULT));
        (path, diff::side(path, &with)?)
    };
    let name = path.to_string_lossy();
    let Some(side) = side else { return Ok(ExitCode::from(2)) };
    diff::check_size(&[&side], args.raise)?;
    let table = Table::shown(side.tree(), &side.sources);
    if table.is_incomplete {
        print::stderr(
            "note: too many matchers to compare all of them; some unreachable routes may not be marked\n",
        );
    }
    let at = |route: &Route| place(&side.sources, route.span);
    match args.format {
        Format::Table => print::stdout_styled(format::text(&table, &at, look()))?,
        Format::Json => print::data(format::json(&table, &side.sources))?,
        Format::Markdown => print::data(format::markdown(&table, &at))?,
        Format::Html => {
            let here = input::working_directory()?;
            let editor = |route: &Route| {
                let template = args.editor_url.as_ref()?;
                let place = at(route)?;
                let (file, line) = place.rsplit_once(':')?;
                let file = here.join(file);
                Some(template.replace("{file}", &escaped(&file.to_string_lossy())).replace("{line}", line))
            };
            print::data(format::html(&name, &table, format::Places { place: &at, editor: &editor }))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the terminal shows.
fn look() -> Look {
    Look { width: print::width(), is_coloured: colour::on_stdout() }
}
