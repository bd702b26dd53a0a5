//! `caddyctl upgrade`: what another version of Caddy changes for a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::upgrade::{Report, format};
use caddyctl_language::Version;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::source::shown;

use super::diff::{self, Text};
use super::environment::{Environment, OfService};
use super::limits::Raise;
use super::reach::Reach;
use super::with::{For, Packages, Plugins};
use super::{input, print};

// What asks a Caddy has a twin for programs that do not.
#[cfg_attr(not(feature = "deploy"), path = "upgrade/without_installed.rs")]
mod installed;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Report what another version of Caddy changes for a file";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The version that runs the file now, or `installed` for that of the program `caddy` in PATH.
    #[arg(long, value_name = "VERSION", value_parser = From::parse)]
    from: From,
    /// The version that is to run it.
    #[arg(long, value_name = "VERSION", value_parser = Version::known)]
    to: Version,
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    service: OfService,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    packages: Packages,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Text.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// A comment for a pull request.
    Markdown,
}

/// The version before.
#[derive(Clone, Copy, Debug)]
enum From {
    Version(Version),
    Installed,
}

impl From {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "installed" => Ok(Self::Installed),
            _ => Version::known(text).map(Self::Version).map_err(|error| format!("{error}, or `installed`")),
        }
    }
}

const HELP: &str = "Examples:
  caddyctl upgrade --from 2.10.2 --to 2.11.9 Caddyfile
  caddyctl upgrade --from installed --to 2.11.9 /etc/caddy/Caddyfile
  caddyctl upgrade --from 2.8.4 --to 2.11.9 --format markdown

The report lists what a version refuses, what changes in the JSON, what the server does differently although the JSON is the \
same, deprecated words, and the advisories that no longer concern the file. --from may be the newer version.

Exit status: 0 nothing changes; 1 something changes, or a version refuses the file; 2 usage error, or the file cannot be read.";

/// Reports what changes.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let from = match args.from {
        From::Version(version) => version,
        From::Installed => installed::version()?,
    };
    let env = args.environment.read_with(&args.service)?;
    let path = args.path.as_deref().unwrap_or(Path::new(input::DEFAULT));
    let disk = input::disk(args.raise)?;
    let text = Text::file(path, &disk, args.raise)?;
    let audience = if args.format == Format::Text { Audience::Terminal } else { Audience::Program };
    let read = |version| {
        let plugins = Plugins::of(args.packages.clone(), For::version(Some(version)));
        let with = diff::With {
            env: &env,
            reach: &args.reach,
            raise: args.raise,
            plugins: &plugins,
            host: None,
            audience,
        };
        diff::outcome(&text, &with)
    };
    let (before, after) = (read(from)?, read(args.to)?);
    let deprecated = if after.is_accepted() { &after.deprecated } else { &before.deprecated };
    let report = Report::new(&text.name, (from, &before.read), (args.to, &after.read), deprecated);
    match args.format {
        Format::Text => print::stdout(format::text(&report))?,
        Format::Json => {
            let json = serde_json::to_string_pretty(&format::json(&report))? + "\n";
            print::data(shown::json(&json).as_bytes())?;
        }
        Format::Markdown => print::data(format::markdown(&report))?,
    }
    Ok(ExitCode::from(u8::from(report.has_changes())))
}
