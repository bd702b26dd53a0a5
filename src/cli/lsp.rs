//! `caddyctl lsp`: a language server for editors, on standard input and output.

use std::process::ExitCode;

use caddyctl_host::Disk;
use lsp_server::Connection;

use super::environment::Environment;
use super::fault::Fault;
use super::input;
use super::limits::Raise;
use super::reach::Reach;
use super::with::Plugins;

mod actions;
mod analysis;
mod answers;
mod documents;
mod encoding;
mod server;
mod published;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Run the language server for editors";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    plugins: Plugins,
    /// Use standard input and output. This is the default; editors pass the option.
    #[arg(long, hide = true)]
    stdio: bool,
    /// Do not read caddyctl.toml files. Also a setting of the editor.
    #[arg(long)]
    isolated: bool,
}

const HELP: &str = "Your editor starts this command for files of the type `caddyfile`. The server reports errors and \
lint findings as you type, offers fixes, completes directives, subdirectives, matchers, modules, snippets and placeholders, \
explains the word under the cursor, finds definitions, lists sites and routes, folds blocks and formats files.

Neovim:
  vim.lsp.start({ name = 'caddyctl', cmd = { 'caddyctl', 'lsp' } })
Helix (languages.toml):
  language-server.caddyctl = { command = \"caddyctl\", args = [\"lsp\"] }

A caddyctl.toml next to the file or in a parent folder changes the lint rules; the editor's log lists the rules that it \
turns off. Initialization options and settings of the editor: `isolated` is --isolated, `version` is --for, and `with` is a \
list for --with. `caddy` is --caddy; it is only an initialization option, and names an absolute path outside of the workspace, \
because a repository may contain settings for editors. The server writes no files and uses no network.

Exit status: 0 shut down by the editor; 1 the editor disconnected without shutting down; 2 protocol error.";

/// Serves one editor until it says goodbye.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = input::working_directory()?;
    let env = args.environment.read()?;
    let (connection, threads) = Connection::stdio();
    let disk = Disk::new(root).with_limits(args.raise.limits());
    let wishes = server::Wishes {
        isolated: args.isolated,
        plugins: args.plugins.clone(),
        allowed: args.reach.allow_read.clone(),
    };
    let ended = server::serve(&connection, disk, env, wishes);
    // The writing thread ends when nobody can send any more.
    drop(connection);
    let spoke = |error: &dyn std::fmt::Display| Fault::system(format!("protocol error: {error}"));
    let goodbye = match ended {
        // It went away before it said anything.
        Err(error) if error.channel_is_disconnected() => false,
        ended => ended.map_err(|error| spoke(&error))?,
    };
    threads.join().map_err(|error| spoke(&error))?;
    Ok(ExitCode::from(u8::from(!goodbye)))
}
