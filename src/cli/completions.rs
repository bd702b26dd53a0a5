//! `caddyctl completions`.

use std::process::ExitCode;

use clap_complete::Shell;

use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print a completion script for a shell";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

const HELP: &str = "Examples:
  caddyctl completions bash > /etc/bash_completion.d/caddyctl
  caddyctl completions zsh > \"${fpath[1]}/_caddyctl\"
  caddyctl completions fish > ~/.config/fish/completions/caddyctl.fish

Exit status: 0 success; 2 usage error.";

/// Prints a completion script, made from the definition of the commands.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::definition(), "caddyctl", &mut script);
    print::data(script)?;
    Ok(ExitCode::SUCCESS)
}
