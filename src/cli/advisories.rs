//! `caddyctl advisories`: which security advisories for Caddy concern a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use caddyctl_analysis::advisories::{Advisory, Concern, Subject, age, all, format, of};
use caddyctl_analysis::diff::Side;
use caddyctl_analysis::upgrade::Read;
use caddyctl_language::Version;
use caddyctl_language::diagnostics::Code;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::diagnostics::render::{Report, concise, full, sarif};
use caddyctl_language::source::{Sources, shown};

use super::diff::{self, Text, With};
use super::environment::{Environment, OfService};
use super::limits::Raise;
use super::reach::Reach;
use super::with::Plugins;
use super::{colour, input, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List security advisories for Caddy, and which of them concern a file";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, list all advisories.
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
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
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Text.
    #[default]
    Text,
    /// A JSON array.
    Json,
    /// A table in Markdown.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

const HELP: &str = "Examples:
  caddyctl advisories
  caddyctl advisories Caddyfile --for 2.10.2
  caddyctl advisories --format json Caddyfile | jq -r '.[] | select(.concerns != \"no\") | .id'

The list comes with the program; nothing is fetched. It assumes that the server's Caddy compiles the Caddyfile. An \
advisory that was fixed in the adapter does not concern a server that runs JSON from caddyctl. `possible` means that it \
depends on something that the file does not show.

Exit status: 0 no advisory concerns the file; 1 at least one does, certainly or possibly; 2 usage error, or the file cannot \
be read or does not compile.";

/// Lists all advisories, or judges them for a file.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let today = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let dated = all().map(|advisory| advisory.dated).max().unwrap_or_default();
    if let Some(note) = age::note(dated, i64::try_from(today).unwrap_or(0)) {
        print::stderr(format!("note: {note}\n"));
    }
    let here = input::working_directory()?;
    let plugins = args.plugins.for_service(&args.service);
    let Some(path) = &args.path else {
        let version = plugins.named(&here.join(input::DEFAULT), false)?;
        return list(args.format, version);
    };
    let version = plugins.named(&here.join(path), false)?;
    let env = args.environment.read_with(&args.service)?;
    let audience = if args.format == Format::Text { Audience::Terminal } else { Audience::Program };
    let with =
        With { env: &env, reach: &args.reach, raise: args.raise, plugins: &plugins, host: None, audience };
    let Some(side) = read(args, path, version.is_some(), &with)? else { return Ok(ExitCode::from(2)) };
    let config = side.whole();
    let verdicts = of(&Subject::of_side(&side, &config), version);
    let sources = &side.sources;
    match args.format {
        Format::Text => print::stdout(format::text(&verdicts, sources))?,
        Format::Json => data(&format::json(&verdicts, sources))?,
        Format::Markdown => print::data(format::markdown(&verdicts, sources))?,
        Format::Sarif => {
            let named = named(&side, path);
            let found = format::diagnostics(&verdicts, &named);
            let report = Report { sources: &named, diagnostics: &found };
            print::data(sarif::render(&[report], Some(&here), &format::rules()))?;
        }
    }
    let concerns = verdicts.iter().any(|verdict| verdict.concern != Concern::No);
    Ok(ExitCode::from(u8::from(concerns)))
}

/// The configuration. If what the named version makes of the file is not known, or none is named and the default version refuses it, it is
/// what the newest other version makes of it. `None` after errors have been printed.
fn read(args: &Args, path: &Path, is_named: bool, with: &With<'_>) -> anyhow::Result<Option<Side>> {
    let disk = input::disk(args.raise)?;
    let text = Text::file(path, &disk, args.raise)?;
    let (sources, errors) = match diff::outcome(&text, with)?.read {
        Read::Accepted(side) => return Ok(Some(*side)),
        Read::Refused(sources, errors) => (sources, errors),
    };
    let is_unknown =
        errors.iter().filter(|found| found.is_error()).all(|found| found.code == Code::NOT_MODELLED);
    if !is_named || is_unknown {
        for version in Version::KNOWN.into_iter().rev() {
            let plugins = with.plugins.at(version);
            if let Read::Accepted(side) = diff::outcome(&text, &With { plugins: &plugins, ..*with })?.read {
                print::stderr(format!("note: the file is judged by what Caddy {version} makes of it\n"));
                return Ok(Some(*side));
            }
        }
    }
    let report = Report { sources: &sources, diagnostics: &errors };
    if with.audience == Audience::Program && sources.has_outside() {
        print::stderr(concise::render(&[report]));
    } else {
        print::stderr_styled(full::render(&[report], colour::on_stderr()));
    }
    Ok(None)
}

/// The sources of a side; of bare JSON its name alone.
fn named(side: &Side, path: &Path) -> Sources {
    let mut sources = side.sources.clone();
    if sources.iter().next().is_none() {
        sources.add_as_written(path.to_string_lossy(), "");
    }
    sources
}

fn list(format: Format, version: Option<Version>) -> anyhow::Result<ExitCode> {
    let is_meant = |advisory: &&Advisory| version.is_none_or(|version| advisory.is_in(version));
    match format {
        Format::Text => print::stdout(format::list(all().filter(is_meant)))?,
        Format::Json => data(&all().filter(is_meant).map(format::entry).collect())?,
        Format::Markdown => print::data(format::table(all().filter(is_meant)))?,
        Format::Sarif => print::data(sarif::render(&[], None, &format::rules()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn data(value: &serde_json::Value) -> anyhow::Result<()> {
    print::data(shown::json(&(serde_json::to_string_pretty(value)? + "\n")).as_bytes())
}
