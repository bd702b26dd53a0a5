//! `caddyctl man`: manual pages, made from the definition of the commands and their help.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::fault::Fault;
use super::{print, version};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the manual page, or write all manual pages to a folder";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Write a page for each command to this folder instead of printing the main page. The folder is made if it does not
    /// exist.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

const HELP: &str = "Examples:
  caddyctl man | man -l -
  caddyctl man --dir /usr/local/share/man/man1

Exit status: 0 success; 2 usage error, or the folder cannot be written.";

/// The files of every command.
const FILES: [(&str, &str); 2] = [
    ("caddyctl.toml", "Settings of a project: lint rules, and the files that a run over a folder takes."),
    ("checks.toml", "Requests that a deployed site must answer."),
];

/// The files of commands that work on a server.
#[cfg(feature = "deploy")]
const SERVER_FILES: [(&str, &str); 3] = [
    ("/etc/caddy/Caddyfile", "The configuration that the service starts with."),
    ("/etc/systemd/system/caddy.service.d/", "The drop-in of the service."),
    ("/var/lib/caddyctl", "The history of deployments, with the files that they replaced."),
];

/// Prints the main page, or writes a page for each command.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut definition = super::definition();
    definition.build();
    let Some(dir) = &args.dir else {
        print::data(page(&definition, &definition)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::create_dir_all(dir).map_err(|error| Fault::unwritable(dir, &error))?;
    write(dir, "caddyctl.1", &page(&definition, &definition)?)?;
    // The command `help` is that of clap, and has no page.
    for command in definition.get_subcommands().filter(|command| command.get_name() != "help") {
        // The name under which the page is found: `man caddyctl-adapt`.
        let name = format!("caddyctl-{}", command.get_name());
        let command = command.clone().display_name(&name);
        write(dir, &format!("{name}.1"), &page(&command, &definition)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The page of `command`, one of the commands of `program` or the program itself.
fn page(command: &clap::Command, program: &clap::Command) -> anyhow::Result<Vec<u8>> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .date(version::date().unwrap_or_default())
        .source(format!("caddyctl {}", env!("CARGO_PKG_VERSION")))
        .manual("caddyctl manual");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let help = Help::of(&help);
    let mut rest = Roff::new();
    for paragraph in &help.paragraphs {
        rest.control("PP", []);
        rest.text([roman(*paragraph)]);
    }
    rest.to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let mut rest = Roff::new();
    if !help.statuses.is_empty() {
        rest.control("SH", ["EXIT STATUS"]);
        for (status, meaning) in &help.statuses {
            entry(&mut rest, status, meaning);
        }
    }
    rest.control("SH", ["FILES"]);
    for (path, what) in files(command) {
        entry(&mut rest, path, what);
    }
    if !help.examples.is_empty() {
        rest.control("SH", ["EXAMPLES"]);
        for example in &help.examples {
            rest.control("PP", []);
            rest.text([bold(*example)]);
        }
    }
    rest.control("SH", ["SEE ALSO"]);
    let pages = std::iter::once("caddyctl".to_owned())
        .chain(program.get_subcommands().map(|other| format!("caddyctl-{}", other.get_name())))
        .filter(|page| page != "caddyctl-help");
    let pages: Vec<String> = pages
        .filter(|page| *page != name)
        .map(|page| format!("{page}(1)"))
        .chain(["caddy(8)".into()])
        .collect();
    rest.text([roman(pages.join(", "))]);
    // Empty until Cargo.toml has it.
    let site = env!("CARGO_PKG_HOMEPAGE");
    if !site.is_empty() {
        rest.control("PP", []);
        rest.text([roman(site)]);
    }
    rest.to_writer(&mut page)?;
    Ok(page)
}

/// A tagged paragraph.
fn entry(roff: &mut Roff, tag: &str, text: &str) {
    roff.control("TP", []);
    roff.text([bold(tag)]);
    roff.text([roman(text)]);
}

/// The files that the page of `command` names.
#[cfg(feature = "deploy")]
fn files(command: &clap::Command) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let is_server = <super::server::Command as clap::Subcommand>::has_subcommand(command.get_name());
    FILES.iter().chain(SERVER_FILES.iter().filter(move |_| is_server))
}

/// The files that the page of a command names.
#[cfg(not(feature = "deploy"))]
fn files(_: &clap::Command) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    FILES.iter()
}

/// The text below the options of a help page, by what it is.
#[derive(Debug, Default, PartialEq, Eq)]
struct Help<'a> {
    paragraphs: Vec<&'a str>,
    examples: Vec<&'a str>,
    statuses: Vec<(&'a str, &'a str)>,
}

impl<'a> Help<'a> {
    fn of(text: &'a str) -> Self {
        let mut help = Self::default();
        for paragraph in text.split("\n\n") {
            let paragraph = paragraph.trim();
            if let Some(examples) = paragraph.strip_prefix("Examples:") {
                help.examples.extend(examples.lines().map(str::trim).filter(|line| !line.is_empty()));
            } else if let Some(statuses) = paragraph.strip_prefix("Exit status:") {
                help.statuses = statuses_of(statuses.trim().trim_end_matches('.'));
            } else if !paragraph.is_empty() {
                help.paragraphs.push(paragraph);
            }
        }
        help
    }
}

/// `0 success; 1 errors` as pairs. A semicolon that no status follows belongs to the text before it.
fn statuses_of(text: &str) -> Vec<(&str, &str)> {
    let is_status = |at: &usize| {
        let rest = &text[*at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        digits > 0 && rest[digits..].starts_with(' ')
    };
    let starts = std::iter::once(0).chain(text.match_indices("; ").map(|(at, found)| at + found.len()));
    let starts: Vec<usize> = starts.filter(is_status).collect();
    let ends = starts.iter().skip(1).map(|start| start - 2).chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| text[*start..end].split_once(' ')).collect()
}

fn write(dir: &Path, name: &str, page: &[u8]) -> anyhow::Result<()> {
    let path = dir.join(name);
    Ok(std::fs::write(&path, page).map_err(|error| Fault::unwritable(&path, &error))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_becomes_sections() {
        let text =
            "Examples:\n  caddyctl x\n  caddyctl y\n\nMore.\n\nExit status: 0 fine; 1 bad; worse; 2 usage.";
        let help = Help::of(text);
        assert_eq!(help.examples, ["caddyctl x", "caddyctl y"]);
        assert_eq!(help.paragraphs, ["More."]);
        assert_eq!(help.statuses, [("0", "fine"), ("1", "bad; worse"), ("2", "usage")]);
        assert_eq!(Help::of(""), Help::default());
    }
}
