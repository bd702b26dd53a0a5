//! `caddyctl man`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap_mangen::Man;

use super::fault::Fault;
use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the manual page, or write all manual pages to a folder";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Write a page for each command to this folder instead of printing the main page.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

const HELP: &str = "Examples:
  caddyctl man | man -l -
  caddyctl man --dir /usr/local/share/man/man1

Exit status: 0 success; 2 usage error, or the folder cannot be written.";

/// Prints the main page, or writes a page for each command.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut definition = super::definition();
    definition.build();
    let Some(dir) = &args.dir else {
        print::data(page(&definition)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    write(dir, "caddyctl.1", &page(&definition)?)?;
    for command in definition.get_subcommands() {
        // The name under which the page is found: `man caddyctl-adapt`.
        let name = format!("caddyctl-{}", command.get_name());
        write(dir, &format!("{name}.1"), &page(&command.clone().display_name(name))?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn page(command: &clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn write(dir: &Path, name: &str, page: &[u8]) -> anyhow::Result<()> {
    let path = dir.join(name);
    Ok(std::fs::write(&path, page).map_err(|error| Fault::unwritable(&path, &error))?)
}
