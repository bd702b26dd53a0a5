//! `caddyctl version`.

use std::process::ExitCode;

use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the version, and the version of Caddy that it supports";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = super::EXIT_STATUS)]
pub struct Args {}

/// Prints the version of this program and of the Caddy whose language it reads.
pub fn run(_: &Args) -> anyhow::Result<ExitCode> {
    print::stdout(format!("caddyctl {} (Caddyfile of Caddy 2.11.7)\n", env!("CARGO_PKG_VERSION")))?;
    Ok(ExitCode::SUCCESS)
}
