//! `caddyctl test`: run `checks.toml` offline.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::checks::format::{self, Report};
use caddyctl_analysis::checks::{Outcome, Read, Score, coverage, read, run as run_checks};
use caddyctl_analysis::diff::Side;
use caddyctl_analysis::requests::format::{Text, text};
use caddyctl_analysis::requests::{Facts, address};
use caddyctl_analysis::routes::variables;
use caddyctl_host::Machine;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{Loader, secrets, shown};

use super::environment::Environment;
use super::fault::Fault;
use super::limits::Raise;
use super::reach::Reach;
use super::validate::seen::{Looking, Reading, Seen};
use super::validate::watch::{Verdict, watch};
use super::with::Plugins;
use super::{diff, input, model, print, trace};

mod covered;
mod init;

/// The file of checks, next to the Caddyfile.
const FILE: &str = "checks.toml";

/// The most bytes of such a file.
const LARGEST: u64 = 256 << 10;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Run the checks in checks.toml against the Caddyfile, without Caddy and network";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Only run checks whose names contain one of these texts.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(short, long, value_name = "PATH", default_value = input::DEFAULT)]
    config: PathBuf,
    /// The file with the checks. Without it, the checks.toml next to the Caddyfile.
    #[arg(long, value_name = "FILE")]
    checks: Option<PathBuf>,
    /// Also show what happens to the request of each check that fails.
    #[arg(short, long)]
    verbose: bool,
    /// Run again when a file changes: the checks, the Caddyfile, its imports, and files that a request asks for. Ctrl-C ends
    /// it with the exit status of the last run.
    #[arg(long, conflicts_with_all = ["init", "coverage"])]
    watch: bool,
    /// Print a checks.toml with one check for each route: a request that reaches it, and what it gets now.
    #[arg(long, conflicts_with_all = ["names", "checks", "coverage", "min_coverage"])]
    init: bool,
    #[command(flatten, next_help_heading = "Coverage")]
    covered: covered::Covered,
    #[command(flatten)]
    environment: Environment,
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
pub enum Format {
    /// A line for each check, and what failed.
    #[default]
    Text,
    /// A JSON object, described in docs/checks.md.
    Json,
    /// JUnit XML.
    Junit,
    /// Annotations for GitHub Actions.
    Github,
    /// The Test Anything Protocol.
    Tap,
}

const HELP: &str = "Examples:
  caddyctl test
  caddyctl test -v WebSocket
  caddyctl test --format junit > results.xml
  caddyctl test --coverage --min-coverage 80
  caddyctl test --init > checks.toml

Checks in checks.toml:
  routes = \"\"\"
  GET https://example.com/api/tts -> localhost:8080
  https://example.com/old         -> 301 /new
  https://example.com/logo.png    -> file /srv/logo.png
  \"\"\"
  [[check]]
  url = \"https://example.com/\"
  status = 200

The same file is for `caddyctl verify`, which sends each [[check]] to the live site. Nothing is sent here. What only the answer of \
an upstream, or a folder that is not on this machine, can decide is reported as not decided offline; it is not a failure. \
docs/checks.md describes the file: answers of upstreams, files and other facts to assume.

Exit status: 0 no check failed; 1 a check failed, or too little is covered; 2 usage error, the file of checks is empty or \
malformed, or a file cannot be read or does not compile.";

/// Runs the checks.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let root = input::working_directory()?;
    if args.watch {
        for path in [Some(&args.config), args.checks.as_ref()].into_iter().flatten() {
            if path == Path::new(input::STDIN) {
                let fault = Fault::system("standard input cannot be watched: it is read once");
                return Err(fault.help("name the file").into());
            }
        }
        return watch(&root, args.format == Format::Text, |seen| args.verdict(&root, seen));
    }
    if args.init {
        return init::run(args, &root);
    }
    let Verdict { text, status } = args.verdict(&root, &Seen::default())?;
    if args.covered.is_only_output() {
        print::data(text)?;
    } else if args.format == Format::Text {
        print::stdout(text)?;
    } else {
        print::data(text)?;
    }
    Ok(ExitCode::from(status))
}

impl Args {
    /// Runs all checks; notes in `seen` what was read.
    fn verdict(&self, root: &Path, seen: &Seen) -> anyhow::Result<Verdict> {
        let Some(side) = self.side(root, seen)? else {
            return Ok(Verdict { text: String::new(), status: 2 });
        };
        let path = self.checks_path();
        seen.file(&root.join(&path));
        let name = shown::path(&path);
        let mut read = read_checks(&path)?;
        if read.cases.is_empty() && read.faults.is_empty() {
            let message = format!("{name} contains no checks");
            return Err(Fault::system(message).help("`caddyctl test --help` shows some").into());
        }
        if !self.names.is_empty() {
            read.cases.retain(|case| self.names.iter().any(|name| case.name.contains(name.as_str())));
            if read.cases.is_empty() {
                let names: Vec<String> =
                    self.names.iter().map(|name| format!("`{}`", shown::line(name))).collect();
                return Err(Fault::system(format!("no check's name contains {}", names.join(" or "))).into());
            }
        }
        let machine = Looking { facts: Machine::new(root.to_owned(), self.environment.read()?), root, seen };
        let program = model::program(&side, &self.config, &self.plugins)?;
        let outcomes = run_checks(&read.cases, &read.checks, &program, &machine as &dyn Facts);
        let at = |outcome: &Outcome| trace::position(&side, outcome.answer.place.as_ref()?);
        let position = |place: &_| trace::position(&side, place);
        let steps = |outcome: &Outcome| {
            if !self.verbose {
                return String::new();
            }
            let request = address::words(&outcome.case.request);
            text(&outcome.answer, &Text { request, at: &position, all: false })
        };
        let variables = variables(&side.sources);
        let hide = |text: &str| secrets::hide_within(&variables.hide_distinct(text, Mode::Sentence));
        let report = Report {
            file: &name,
            outcomes: &outcomes,
            faults: &read.faults,
            at: &at,
            trace: &steps,
            hide: &hide,
        };
        let mut text = match self.format {
            Format::Text => format::text(&report),
            Format::Json => shown::json(&(format::json(&report).to_string() + "\n")).into_owned(),
            Format::Junit => format::junit(&report),
            Format::Github => format::github(&report),
            Format::Tap => format::tap(&report),
        };
        let mut status = match Score::of(&outcomes) {
            Score { failed: 1.., .. } => 1,
            _ if !read.faults.is_empty() => 2,
            _ => 0,
        };
        if self.covered.is_wanted() {
            let coverage = coverage::of(&program, &outcomes);
            let (shown, is_enough) = self.covered.report(&coverage, &side, &text);
            text = shown;
            if !is_enough && status == 0 {
                status = 1;
            }
        }
        Ok(Verdict { text, status })
    }

    /// The configuration; `None` after its errors have been reported.
    fn side(&self, root: &Path, seen: &Seen) -> anyhow::Result<Option<Side>> {
        let env = self.environment.read()?;
        let audience = if self.format == Format::Text { Audience::Terminal } else { Audience::Program };
        let with = diff::With {
            env: &env,
            reach: &self.reach,
            raise: self.raise,
            plugins: &self.plugins,
            host: None,
            audience,
        };
        for file in self.environment.files() {
            seen.file(&root.join(file));
        }
        if self.config != Path::new(input::STDIN) {
            seen.file(&root.join(&self.config));
        }
        let disk = Reading { disk: input::disk(self.raise)?, seen };
        diff::side_through(&self.config, &disk as &dyn Loader, &with)
    }

    /// Where the checks are.
    fn checks_path(&self) -> PathBuf {
        match &self.checks {
            Some(path) => path.clone(),
            None => self.config.parent().unwrap_or(Path::new("")).join(FILE),
        }
    }
}

/// Reads the file of checks.
fn read_checks(path: &Path) -> anyhow::Result<Read> {
    let text = input::named_text(path, LARGEST).map_err(|error| {
        let fault = Fault::unreadable(path, &error);
        if error.kind() == std::io::ErrorKind::NotFound {
            fault.help("`caddyctl test --init > checks.toml` writes one check for each route")
        } else {
            fault
        }
    })?;
    Ok(read(&text).map_err(|error| Fault::system(format!("{}: {error}", shown::path(path))))?)
}
