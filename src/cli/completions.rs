//! `caddyctl completions`: a script for a shell, which asks this program at each press of the tab key.

use std::process::ExitCode;

use clap_complete::env::{CompleteEnv, EnvCompleter, Shells};

use super::fault::Fault;
use super::print;

pub mod candidates;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print a completion script for a shell";

/// The shell's script sets this variable to the name of the shell when it asks for candidates.
const VARIABLE: &str = "CADDYCTL_COMPLETE";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells that have completions.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Zsh => "zsh",
        }
    }
}

const HELP: &str = "Examples:
  caddyctl completions bash > /etc/bash_completion.d/caddyctl
  caddyctl completions zsh > \"${fpath[1]}/_caddyctl\"
  caddyctl completions fish > ~/.config/fish/completions/caddyctl.fish

The script completes commands, options, codes, words of the language and git revisions. It runs `caddyctl` from PATH.

Exit status: 0 success; 2 usage error.";

/// Prints a completion script.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let shells = Shells::builtins();
    let completer: &dyn EnvCompleter = shells
        .completer(args.shell.name())
        .ok_or_else(|| Fault::system(format!("no completions for the shell {}", args.shell.name())))?;
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "caddyctl", "caddyctl", "caddyctl", &mut script)?;
    print::data(script)?;
    Ok(ExitCode::SUCCESS)
}

/// Answers a shell that asks for candidates; `None` when this is an ordinary run.
pub fn answer() -> Option<ExitCode> {
    std::env::var_os(VARIABLE)?;
    let folder = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(super::definition).var(VARIABLE);
    match asked.try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        // A shell shows what a completion prints in the middle of the command line.
        Err(_) => Some(ExitCode::from(2)),
    }
}
