//! `caddyctl plugins`: the plugins that caddyctl knows, and checks of definition files.

use std::path::PathBuf;
use std::process::ExitCode;

use caddyctl_language::plugins::{self, Author};
use caddyctl_language::source::shown;

use super::{input, print};
use crate::cli::fault::Fault;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List the plugins that caddyctl knows, and check definition files";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the packages whose words are known.
    #[command(after_help = LIST_HELP)]
    List,
    /// Check definition files, and try their examples.
    #[command(after_help = CHECK_HELP)]
    Check {
        /// The definition files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

const HELP: &str = "Examples:
  caddyctl plugins list
  caddyctl plugins check plugins/ours.toml

Name the plugins of your Caddy with --with, or in the table [caddy] of caddyctl.toml.

Exit status: 0 success; 1 a definition file has errors; 2 usage error, or a file cannot be read.";

const LIST_HELP: &str = "Exit status: 0 success; 2 usage error.";

const CHECK_HELP: &str =
    "Exit status: 0 success; 1 a definition file has errors; 2 usage error, or a file cannot be read.";

/// Lists packages, or checks files.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.action {
        Action::List => list(),
        Action::Check { files } => check(files),
    }
}

fn list() -> anyhow::Result<ExitCode> {
    let mut lines = Vec::new();
    for package in plugins::packages() {
        let text = plugins::shipped(package).unwrap_or_default();
        let about = plugins::definition(text, Author::Program).map(|found| found.about.to_string());
        lines.push((package, about.unwrap_or_default()));
    }
    let width = lines.iter().map(|(package, _)| package.len()).max().unwrap_or_default();
    let text: String = lines.iter().map(|(package, about)| format!("{package:width$}  {about}\n")).collect();
    print::stdout(text)?;
    Ok(ExitCode::SUCCESS)
}

fn check(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut failed = false;
    for file in files {
        let name = shown::path(file);
        // One byte more than a file may have is enough to refuse it.
        let bytes = input::named(file, plugins::LARGEST as u64 + 1)
            .map_err(|error| Fault::unreadable(file, &error))?;
        let text = String::from_utf8_lossy(&bytes);
        let problems = match plugins::definition(&text, Author::User) {
            Ok(found) => plugins::try_examples(&found).0.into_iter().map(|why| format!(" {why}")).collect(),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        };
        for problem in &problems {
            print::stderr(format!("{name}:{problem}\n"));
        }
        failed |= !problems.is_empty();
    }
    Ok(ExitCode::from(u8::from(failed)))
}
