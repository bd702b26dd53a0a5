//! `caddyctl verify`: ask the served sites what `checks.toml` says.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_deploy::state::history;
use caddyctl_deploy::verify::{Check, Checks, Outcome, Reach, parse, verify};
use caddyctl_host::regular;
use caddyctl_language::source::shown::{self, markup};

use super::deploy::place::Place;
use super::fault::Fault;
use super::{input, print};

pub mod stored;

use stored::Stored;

/// The file of checks, next to the Caddyfile.
const FILE: &str = history::CHECKS;

/// The most bytes of such a file.
const LARGEST: u64 = 256 << 10;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Send the requests in checks.toml to the live sites, and check the responses";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The file with the checks. Without it, the checks.toml of this folder, or else the checks of the last deployment on
    /// this host.
    #[arg(long, value_name = "FILE")]
    checks: Option<PathBuf>,
    /// The systemd unit whose last deployment has the checks.
    #[arg(long, value_name = "NAME", default_value = "caddy.service")]
    unit: String,
    #[command(flatten)]
    reach: ReachArgs,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How the sites are reached; a deploy takes these too.
#[derive(Debug, clap::Args)]
pub struct ReachArgs {
    /// Connect to this address for a host and port of the checks, such as example.com:443:127.0.0.1.
    #[arg(long, value_name = "HOST:PORT:ADDR", value_parser = resolve)]
    resolve: Vec<(String, SocketAddr)>,
    /// Also trust these root certificates (PEM). For `tls internal`, that is the root certificate of Caddy's own authority;
    /// with Debian's package, /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt.
    #[arg(long, value_name = "FILE")]
    cacert: Vec<PathBuf>,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A line for each check.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// JUnit XML.
    Junit,
}

const HELP: &str = "Examples:
  caddyctl verify
  caddyctl verify --resolve example.com:443:127.0.0.1 --cacert root.crt

A check in checks.toml:
  [[check]]
  url = \"https://example.com/api/chat\"
  websocket = true
Other keys of the request: name, method, headers, body, tls_name, seconds (the time limit), retries.
Keys that the response must match: status (a number or a list), expect_headers, contains, redirect, websocket = \"text\" \
(this text is sent and must come back), upstream = \"localhost:8080\" (which must send the same response).
The line address = \"127.0.0.1\" above all checks sends all requests to the Caddy of this machine, whatever their names \
resolve to.

`caddyctl test` runs the same file without a network. The lines of `routes`, `[facts]`, `[[upstream]]` and checks with a \
`client` are for `test` only; docs/checks.md describes the file.

Without a checks.toml in this folder, verify runs the checks of the last deployment, which reach only listeners of the \
installed configuration on this machine, and its upstreams.

Exit status: 0 all checks passed; 1 a check failed; 2 usage error, or the checks cannot run.";

/// Verifies.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let given = args.checks.as_deref().map(read).transpose()?;
    let (checks, reach) = match given.map_or_else(|| next_to(Path::new(".")), |given| Ok(Some(given)))? {
        Some(checks) => (checks, args.reach.read()?),
        None => deployed(args)?,
    };
    if checks.check.is_empty() {
        let message = "the file of checks contains no [[check]]";
        return Err(Fault::system(message).help("`caddyctl verify --help` shows a check").into());
    }
    if checks.offline_only > 0 {
        print::stderr("note: lines of `routes` and checks with a `client` run only in `caddyctl test`\n");
    }
    let outcomes = verify(&checks, &reach)?;
    match args.format {
        Format::Text => print::stdout(text(&outcomes))?,
        Format::Json => print::json(&outcomes)?,
        Format::Junit => print::data(junit(&outcomes))?,
    }
    Ok(ExitCode::from(u8::from(outcomes.iter().any(|outcome| outcome.fault.is_some()))))
}

/// The checks of the last deployment on this host. They were a source's, and reach what the installed configuration names.
fn deployed(args: &Args) -> anyhow::Result<(Checks, Reach)> {
    let found = Place::of_unit(&args.unit).look()?;
    let stored = Stored::read(&found)?.ok_or_else(|| {
        Fault::system(format!("no {FILE} here, and the last deployment on this host has no checks"))
            .help("name a file with --checks")
    })?;
    let installed = found.installed();
    let Some(config) = installed.as_ref().and_then(|installed| installed.config.as_ref()) else {
        let reason = installed.as_ref().and_then(|installed| installed.fault.as_ref());
        let reason = reason.map_or_else(|| "no Caddyfile is installed".to_owned(), ToString::to_string);
        return Err(
            Fault::system(format!("cannot determine what the stored checks may reach: {reason}")).into()
        );
    };
    print::stderr(format!("note: these are the checks of deployment {}\n", shown::line(&stored.deployment)));
    let given = args.reach.read()?;
    let (checks, reach) = stored.within(&found, config, given)?;
    Ok((checks, reach))
}

impl ReachArgs {
    /// Reads the certificates.
    pub fn read(&self) -> anyhow::Result<Reach> {
        let mut roots = Vec::new();
        for path in &self.cacert {
            roots.push(input::named(path, regular::MOST).map_err(|error| Fault::unreadable(path, &error))?);
        }
        Ok(Reach { resolve: self.resolve.clone(), roots, ..Reach::default() })
    }
}

/// The checks next to the Caddyfile, when there are any.
pub fn next_to(folder: &Path) -> anyhow::Result<Option<Checks>> {
    let path = folder.join(FILE);
    if path.exists() { read(&path).map(Some) } else { Ok(None) }
}

/// Reads a file of checks.
pub fn read(path: &Path) -> anyhow::Result<Checks> {
    let text = input::named_text(path, LARGEST).map_err(|error| Fault::unreadable(path, &error))?;
    Ok(parse(&text).map_err(|error| Fault::system(format!("{}: {error}", shown::path(path))))?)
}

/// What is reported about a check of a source that leads out of what the configuration names.
pub fn beyond(file: &str, check: &Check, reason: &str) -> String {
    let name = check.shown();
    format!(
        "{file}:{}: the check `{}` is not allowed: {}",
        check.line,
        name.escape_debug(),
        reason.escape_debug()
    )
}

/// What to do about it.
pub const BEYOND_HELP: &str = "nothing was changed. The checks of a source reach only listeners of its own \
    configuration on this machine and its upstreams, and no unix socket. `address = \"127.0.0.1\"` above all checks \
    uses the Caddy of this machine for all names; --resolve sets the address of a name, --no-checks skips the checks, \
    and `caddyctl verify --checks` reaches anything";

/// What failed, for a deploy that is undone because of it; several are a line each.
pub fn failures(outcomes: &[Outcome]) -> Result<(), String> {
    let failed = outcomes.iter().filter_map(|outcome| {
        Some(format!("{}: {}", shown::line(&outcome.name), shown::line(outcome.fault.as_ref()?)))
    });
    let failed: Vec<String> = failed.collect();
    match &failed[..] {
        [] => Ok(()),
        [one] => Err(one.clone()),
        all => Err(format!("{} of {}\n  {}", all.len(), outcomes.len(), all.join("\n  "))),
    }
}

fn text(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for Outcome { name, fault, millis } in outcomes {
        let name = shown::line(name);
        let _ = match fault {
            None => writeln!(text, "ok    {name}  ({millis} ms)"),
            Some(fault) => writeln!(text, "fault {name}: {}", shown::line(fault)),
        };
    }
    let failed = outcomes.iter().filter(|outcome| outcome.fault.is_some()).count();
    let checks = if outcomes.len() == 1 { "check" } else { "checks" };
    let _ = writeln!(text, "{} {checks}, {failed} failed", outcomes.len());
    text
}

fn junit(outcomes: &[Outcome]) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.fault.is_some()).count();
    let mut text =
        format!("<testsuite name=\"caddyctl verify\" tests=\"{}\" failures=\"{failed}\">\n", outcomes.len());
    for Outcome { name, fault, millis } in outcomes {
        let seconds = format!("{}.{:03}", millis / 1000, millis % 1000);
        let _ = write!(text, "  <testcase name=\"{}\" time=\"{seconds}\"", markup::escaped(name));
        let _ = match fault {
            None => writeln!(text, "/>"),
            Some(fault) => writeln!(text, "><failure message=\"{}\"/></testcase>", markup::escaped(fault)),
        };
    }
    text + "</testsuite>\n"
}

fn resolve(text: &str) -> Result<(String, SocketAddr), String> {
    let wrong =
        || format!("`{}` is not HOST:PORT:ADDR, such as example.com:443:127.0.0.1", shown::line(text));
    let mut parts = text.splitn(3, ':');
    let (Some(host), Some(port), Some(address)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let port = port.parse().map_err(|_| wrong())?;
    let address = address.trim_matches(['[', ']']).parse().map_err(|_| wrong())?;
    Ok((host.to_owned(), SocketAddr::new(address, port)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_forms() {
        let there: SocketAddr = "127.0.0.1:443".parse().unwrap();
        assert_eq!(resolve("a.test:443:127.0.0.1"), Ok(("a.test".to_owned(), there)));
        assert!(resolve("a.test:127.0.0.1").is_err());
        let outcome = |name: &str, fault: Option<&str>| Outcome {
            name: name.to_owned(),
            fault: fault.map(str::to_owned),
            millis: 1204,
        };
        let outcomes = [outcome("a", None), outcome("<b>", Some("status 500"))];
        assert_eq!(text(&outcomes), "ok    a  (1204 ms)\nfault <b>: status 500\n2 checks, 1 failed\n");
        assert_eq!(
            junit(&outcomes),
            "<testsuite name=\"caddyctl verify\" tests=\"2\" failures=\"1\">\n  <testcase name=\"a\" time=\"1.204\"/>\n  \
             <testcase name=\"&lt;b&gt;\" time=\"1.204\"><failure message=\"status 500\"/></testcase>\n</testsuite>\n"
        );
        assert_eq!(failures(&outcomes), Err("<b>: status 500".to_owned()));
        let two = [outcome("a", Some("status 500")), outcome("b", Some("no response in time"))];
        assert_eq!(failures(&two), Err("2 of 2\n  a: status 500\n  b: no response in time".to_owned()));
    }
}
