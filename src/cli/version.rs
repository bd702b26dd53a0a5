//! `caddyctl version`.

use std::process::ExitCode;

use caddyctl_language::Version;
use serde::Serialize;

use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the version, and the version of Caddy that it supports";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// One line.
    #[default]
    Text,
    /// One JSON object, with the commit, its date, the features and the target.
    Json,
}

const HELP: &str = "Examples:
  caddyctl version
  caddyctl version --format json

Exit status: 0 success; 2 usage error.";

/// What this program is.
#[derive(Debug, Serialize)]
struct Program {
    name: &'static str,
    version: &'static str,
    /// The full name of the commit; null when the build did not know it.
    commit: Option<&'static str>,
    /// The date of the commit, such as `2026-01-31`; null when the build did not know it.
    date: Option<&'static str>,
    /// The features that the program was built with.
    features: &'static [&'static str],
    /// The version of Caddy whose Caddyfile the program compiles unless another one is named.
    caddy: String,
    target: &'static str,
}

/// The date of the commit that the program was built from, if the build knew it.
pub fn date() -> Option<&'static str> {
    Some(env!("CADDYCTL_DATE")).filter(|date| !date.is_empty())
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn this() -> Program {
    Program {
        name: "caddyctl",
        version: VERSION,
        commit: Some(env!("CADDYCTL_COMMIT")).filter(|commit| !commit.is_empty()),
        date: date(),
        features: if cfg!(feature = "deploy") { &["deploy"] } else { &[] },
        caddy: Version::DEFAULT.to_string(),
        target: env!("CADDYCTL_TARGET"),
    }
}

/// Prints the version of this program and of the Caddy whose language it reads.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let program = this();
    match args.format {
        Format::Text => print::stdout(text(&program))?,
        Format::Json => print::data(serde_json::to_string(&program)? + "\n")?,
    }
    Ok(ExitCode::SUCCESS)
}

fn text(program: &Program) -> String {
    let commit = program.commit.map(|commit| commit.get(..9).unwrap_or(commit));
    let built: Vec<&str> = commit.into_iter().chain(program.date).collect();
    let built = if built.is_empty() { String::new() } else { format!(" ({})", built.join(" ")) };
    format!("caddyctl {}{built}, for Caddy {}\n", program.version, program.caddy)
}
