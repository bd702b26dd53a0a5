//! `caddyctl needs`: the oldest version of Caddy for a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::upgrade::{Read, format};
use caddyctl_language::Version;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::shown;

use super::diff::{self, Text};
use super::environment::{Environment, OfService};
use super::limits::Raise;
use super::reach::Reach;
use super::with::{For, Packages, Plugins};
use super::{input, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the oldest version of Caddy that a file needs";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// Print nothing; exit with 1 if this version is older than the file needs.
    #[arg(long, value_name = "VERSION", value_parser = Version::known)]
    at_least: Option<Version>,
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
}

const HELP: &str = "Examples:
  caddyctl needs
  caddyctl needs /etc/caddy/Caddyfile
  caddyctl needs --at-least 2.8.4 Caddyfile && apt-get install caddy

The first line starts with the oldest version that accepts the file, or with `none`. All newer known versions accept it too. \
The errors of the next older version follow.

Exit status: 0 success; 1 `none`, or the version of --at-least is older; 2 usage error, or the file cannot be read.";

/// Prints the version.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let env = args.environment.read_with(&args.service)?;
    let path = args.path.as_deref().unwrap_or(Path::new(input::DEFAULT));
    let disk = input::disk(args.raise)?;
    let text = Text::file(path, &disk, args.raise)?;
    let (mut oldest, mut refused, mut others) = (None, None, Vec::new());
    for version in Version::KNOWN.into_iter().rev() {
        let plugins = Plugins::of(args.packages.clone(), For::version(Some(version)));
        let audience = Audience::Terminal;
        let with = diff::With {
            env: &env,
            reach: &args.reach,
            raise: args.raise,
            plugins: &plugins,
            host: None,
            audience,
        };
        match diff::outcome(&text, &with)?.read {
            Read::Refused(sources, errors) if refuses(&errors) => {
                if refused.is_none() {
                    refused = Some((version, sources, errors));
                }
            }
            _ if refused.is_none() => oldest = Some(version),
            _ => others.push(version.to_string()),
        }
    }
    if let Some(version) = args.at_least {
        return Ok(ExitCode::from(u8::from(oldest.is_none_or(|oldest| version < oldest))));
    }
    let mut out = match oldest {
        Some(oldest) => format!("{oldest}: all known versions from this one on accept the file\n"),
        None => "none: the newest known version refuses the file\n".to_owned(),
    };
    if let Some((version, sources, errors)) = &refused {
        for found in errors.iter().filter(|found| found.is_error()) {
            out += &format!("Caddy {version} refuses it: {}\n", format::error(found, sources));
            for help in &found.helps {
                out += &format!("    help: {}\n", shown::line(help));
            }
        }
    }
    if !others.is_empty() {
        others.reverse();
        out += &format!("older versions that accept it: {}\n", others.join(", "));
    }
    print::stdout(out)?;
    Ok(ExitCode::from(u8::from(oldest.is_none())))
}

/// Whether these are errors of Caddy. What a version reads in a way that is not modelled, it accepts.
fn refuses(errors: &[Diagnostic]) -> bool {
    errors.iter().any(|found| found.is_error() && found.code != Code::NOT_MODELLED)
}
