//! `caddyctl diff`: what a change means, in CI and against the running server.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use caddyctl_analysis::diff::format::{self, Paint};
use caddyctl_analysis::diff::whole;
use caddyctl_analysis::diff::{Report, Show, Side, Verdict, compare, patch, text};
use caddyctl_analysis::traffic::Traffic;
use caddyctl_language::config::indented;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::source::limits::{Limits, grouped};
use caddyctl_language::source::shown::{self, markdown::block};

use super::completions::candidates;
use super::environment::{Environment, OfService};
use super::fault::Fault;
use super::limits::Raise;
use super::reach::Reach;
use super::traffic::Logs;
use super::with::Plugins;
use super::{colour, print};

// What knows a server has a twin for programs that do not.
#[cfg_attr(not(feature = "deploy"), path = "diff/without_host.rs")]
mod host;
mod logs;
mod sides;

pub use host::OfLive;
#[cfg(feature = "deploy")]
pub use sides::outcome_of;
pub use sides::{Text, With, check_size, outcome, side, side_of_stdin, side_through};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List which requests get a different response with another configuration";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = help())]
pub struct Args {
    #[arg(value_name = "PATH", num_args = 0..=2, help = host::PATHS)]
    paths: Vec<PathBuf>,
    /// The new side (the same option as in the commands of Caddy).
    #[arg(short, long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Compare with the same file and its imports at this git revision.
    #[arg(long, value_name = "REV", add = candidates::revisions())]
    against: Option<String>,
    #[command(flatten)]
    host: host::OfHost,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    service: OfService,
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    plugins: Plugins,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also print the differences of the compiled JSON.
    #[arg(long)]
    json_diff: bool,
    /// Which differences make the exit status 1. Without it, all that change the meaning.
    #[arg(long, value_enum, value_name = "WHAT")]
    exit_on: Option<ExitOn>,
    /// Print nothing; only set the exit status.
    #[arg(short, long)]
    quiet: bool,
    /// Print passwords, tokens, keys and query values in full.
    #[arg(long)]
    show_secrets: bool,
    #[command(flatten, next_help_heading = "Traffic")]
    logs: Logs,
}

impl Args {
    /// Who reads the report.
    fn audience(&self) -> Audience {
        if self.format == Format::Text { Audience::Terminal } else { Audience::Program }
    }
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text, followed by a unified diff of the files.
    #[default]
    Text,
    /// A comment for a pull request.
    Markdown,
    /// JSON, described in docs/diff.schema.json.
    Json,
    /// Annotations for GitHub Actions.
    Github,
    /// A JSON Patch (RFC 6902) from the old to the new compiled JSON.
    Patch,
}

/// What counts as different for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ExitOn {
    /// Differences of access control, listeners, sites, certificates, options, or the systemd drop-in.
    Effects,
    /// Differences of routes or headers, also of access control; not of sites or listeners.
    Routes,
    /// All differences, including those of format and comments.
    Any,
}

fn help() -> String {
    let ([alone, live], trouble) = (host::EXAMPLES, host::TROUBLE);
    format!(
        "Examples:
{alone}  caddyctl diff old.caddyfile new.caddyfile
  caddyctl diff --against origin/main --format markdown
  caddyctl diff --against HEAD~1 sites/Caddyfile --exit-on effects
  caddyctl diff --against HEAD --log access.log --log access.log.1.gz
{live}  caddyctl diff --format patch running.json Caddyfile

The report lists changes of access control first, then what changes for the server (listeners, sites, certificates, \
options), then routes and headers, then a text diff of each file. It says that only the format changed if the compiled JSON \
is the same, or if both sides have the same normal form: the order of sites, the format and comments do not change any \
response, so they do not count as differences.

Exit status: 0 no differences that count; 1 differences; 2 usage error, or a system error such as a file that \
cannot be read or does not compile, or a missing revision{trouble}."
    )
}

/// Compares, prints, and returns the outcome as exit status.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some((old, new)) = read(args)? else { return Ok(ExitCode::from(2)) };
    check_size(&[&old, &new], args.raise)?;
    let show = Show { secrets: args.show_secrets };
    let report = compare(&old, &new, show);
    if report.is_incomplete {
        print::stderr(
            "note: too many matchers to compare all of them; moved and unreachable routes may be missing\n",
        );
    }
    if args.format == Format::Patch && !args.logs.is_empty() {
        return Err(Fault::system("a patch has no place for traffic: --log needs another format").into());
    }
    let traffic = if args.logs.is_empty() { None } else { Some(logs::compare(args, &old, &new)?) };
    if !args.quiet {
        print(args, (&old, &new), &report, traffic.as_ref(), show)?;
    }
    let different = match args.exit_on {
        None => report.verdict == Verdict::Different,
        Some(ExitOn::Effects) => report.has_effects(),
        Some(ExitOn::Routes) => report.has_routes(),
        Some(ExitOn::Any) => report.verdict != Verdict::Same,
    };
    Ok(ExitCode::from(u8::from(different)))
}

/// Reads both sides; `None` when one of them does not compile, which has been reported then.
fn read(args: &Args) -> anyhow::Result<Option<(Side, Side)>> {
    let env = &args.environment.read_with(&args.service)?;
    let with = &With {
        env,
        reach: &args.reach,
        raise: args.raise,
        plugins: &args.plugins.for_service(&args.service),
        host: None,
        audience: args.audience(),
    };
    let paths: Vec<PathBuf> = args.paths.iter().chain(&args.config).cloned().collect();
    if paths.len() > 2 {
        return Err(Fault::system("diff compares two files, and --config names a third one").into());
    }
    match (&args.against, paths.as_slice()) {
        (Some(revision), paths) => sides::against(revision, sides::one(paths, "--against")?, with),
        (None, [old, new]) if !args.host.is_live() => sides::files(old, new, with),
        (None, paths) => args.host.read(paths, with),
    }
}

fn print(
    args: &Args,
    (old, new): (&Side, &Side),
    report: &Report,
    traffic: Option<&Traffic>,
    show: Show,
) -> anyhow::Result<()> {
    let paint = match args.format {
        Format::Text if colour::on_stdout() => Paint::Terminal,
        _ => Paint::Plain,
    };
    let mut out = match args.format {
        Format::Text => format::text(report, paint),
        Format::Markdown => format::markdown(report),
        Format::Json => format::json(report, traffic.map(|traffic| logs::json(traffic, old, new)).as_ref()),
        Format::Github => format::github(report),
        Format::Patch => patch_text(old, new, show)?,
    };
    if args.json_diff && matches!(args.format, Format::Text | Format::Markdown) {
        let json = json_diff(old, new, show, paint, sides::limits(&[old, new], args.raise).json)?;
        let _ = match args.format {
            Format::Markdown => write!(
                out,
                "\n<details>\n<summary>Compiled JSON</summary>\n\n{}\n\n</details>\n",
                block("diff", &json)
            ),
            _ => write!(out, "\nCompiled JSON\n{json}"),
        };
    }
    if let Some(traffic) = traffic {
        out += &logs::shown(args.format, traffic, old, new);
    }
    match args.format {
        Format::Text => print::stdout_styled(out),
        Format::Markdown | Format::Json | Format::Github | Format::Patch => print::data(out),
    }
}

/// The unified diff of the compiled JSON.
fn json_diff(old: &Side, new: &Side, show: Show, paint: Paint, most: usize) -> anyhow::Result<String> {
    // Of a large configuration each tree takes more memory than its text: there is never more than one.
    let (before, after) = (indented(&old.whole()), indented(&new.whole()));
    if before == after {
        return Ok(String::new());
    }
    if before.len() + after.len() > most {
        let message = format!("--json-diff would compare more than {} bytes of JSON", grouped(most));
        return Err(Fault::system(message).help(Limits::HELP).into());
    }
    let shown = |side: &Side, text: &str| {
        if show.secrets {
            return text.to_owned();
        }
        whole::lines(side)
    };
    let name = |side: &Side| format!("{} (JSON)", side.name);
    let change = text::shown_otherwise(
        (&name(old), &before, &shown(old, &before)),
        (&name(new), &after, &shown(new, &after)),
    );
    Ok(format::unified(&change, paint))
}

fn patch_text(old: &Side, new: &Side, show: Show) -> anyhow::Result<String> {
    let ops = patch::patch(&old.whole(), &new.whole());
    if !show.secrets && patch::has_secrets(&ops) {
        let fault = Fault::system("the patch contains values that look like secrets");
        return Err(fault
            .help("use --show-secrets to write them; with hidden values, the patch would set something else")
            .into());
    }
    let keys = whole::keys_from_variables(old);
    if !show.secrets && (patch::has_any(&ops, &whole::from_variables(new)) || patch::names_any(&ops, &keys)) {
        let fault = Fault::system("the patch contains values of the environment");
        return Err(fault
            .help("use --show-secrets to write them; with names of variables, the patch would set something else")
            .into());
    }
    Ok(shown::json(&indented(&ops)).into_owned())
}
