//! `caddyctl lsp`: a language server for editors, on standard input and output.

use std::process::ExitCode;

use caddyctl_host::Disk;
use lsp_server::Connection;

use super::environment::Environment;
use super::fault::Fault;
use super::input;
use super::limits::Raise;
use super::reach::Reach;

mod actions;
mod analysis;
mod answers;
mod documents;
mod encoding;
mod server;
mod told;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Serve an editor: faults as you type, completion, hover, definitions, layout";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    /// Speak on standard input and output; there is no other way, and editors like to say so.
    #[arg(long, hide = true)]
    stdio: bool,
    /// Pay no attention to any caddyctl.toml; the editor can say so as well.
    #[arg(long)]
    isolated: bool,
}

const HELP: &str = "Started by an editor, for files of the kind `caddyfile`. It reports faults and lint findings as you type, \
offers their edits, completes directives, subdirectives, matchers, modules, snippets and placeholders, explains the word \
under the cursor, finds definitions, lists sites and routes, folds blocks and lays out files.

Neovim:
  vim.lsp.start({ name = 'caddyctl', cmd = { 'caddyctl', 'lsp' } })
Helix (languages.toml):
  language-server.caddyctl = { command = \"caddyctl\", args = [\"lsp\"] }

Rules are chosen by the `caddyctl.toml` beside the file or above it; what it switches off goes to the editor's log. The editor's \
initialization option or setting `isolated` ignores it, as --isolated does. Nothing is written, no network is used.

Exit status: 0 ended as the editor asked; 1 the editor went away without a word; 2 what it said is no language server \
protocol.";

/// Serves one editor until it says goodbye.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = input::working_directory()?;
    let env = args.environment.read()?;
    let (connection, threads) = Connection::stdio();
    let disk = Disk::new(root).with_limits(args.raise.limits());
    let ended = server::serve(&connection, disk, env, args.isolated, args.reach.allow_read.clone());
    // The writing thread ends when nobody can send any more.
    drop(connection);
    let spoke =
        |error: &dyn std::fmt::Display| Fault::world(format!("the editor was not understood: {error}"));
    let goodbye = ended.map_err(|error| spoke(&error))?;
    threads.join().map_err(|error| spoke(&error))?;
    Ok(ExitCode::from(u8::from(!goodbye)))
}
