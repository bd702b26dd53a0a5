//! `caddyctl trace`: what happens to a request.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_analysis::diff::Side;
use caddyctl_analysis::requests::format::{Text, json, text};
use caddyctl_analysis::requests::{Place, Program, Request, address};
use caddyctl_analysis::routes::variables;
use caddyctl_analysis::traffic::format::{How, json as log_json, text as log_text};
use caddyctl_analysis::traffic::{Key, Traffic};
use caddyctl_host::Machine;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{secrets, shown};
use serde_json::Value;

use super::environment::{Environment, OfService};
use super::fault::Fault;
use super::limits::Raise;
use super::reach::Reach;
use super::traffic::Logs;
use super::with::Plugins;
use super::{diff, input, model, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Show what happens to a request, and why";

// The short options are those of curl, apart from `-c`, which is Caddy's.
#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The URL of the request.
    #[arg(value_name = "URL", required_unless_present_any = ["requests", "files"], conflicts_with_all = ["requests", "files"])]
    url: Option<String>,
    /// The Caddyfile, or Caddy's JSON; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(short, long, value_name = "PATH", default_value = input::DEFAULT)]
    config: PathBuf,
    /// The method of the request.
    #[arg(short = 'X', long = "request", value_name = "METHOD", conflicts_with = "requests")]
    method: Option<String>,
    /// A header field, such as `Accept: text/html`; may be given several times.
    #[arg(short = 'H', long = "header", value_name = "LINE", conflicts_with = "requests")]
    headers: Vec<String>,
    /// The body of a POST request; may be given several times.
    #[arg(short, long, value_name = "TEXT", conflicts_with = "requests")]
    data: Vec<String>,
    /// The address of the client.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", conflicts_with = "requests")]
    from: String,
    /// The address that the client connects to.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", conflicts_with = "requests")]
    to: String,
    /// Send the request as HTTP/1.0.
    #[arg(long = "http1.0", conflicts_with = "requests")]
    http10: bool,
    /// Read requests from a JSON file, described in docs/trace.md.
    #[arg(long, value_name = "FILE")]
    requests: Option<PathBuf>,
    #[command(flatten)]
    logs: Logs,
    /// Show query values in the samples of --log.
    #[arg(long, requires = "files")]
    show_secrets: bool,
    /// Also show the routes that do not take the request.
    #[arg(id = "passed-over", long = "all")]
    all: bool,
    #[command(flatten)]
    live: diff::OfLive,
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
pub enum Format {
    /// The routes, what each handler did, and the answer.
    #[default]
    Text,
    /// A list of answers, described in docs/trace.md.
    Json,
}

const HELP: &str = "Examples:
  caddyctl trace https://example.com/api/users
  caddyctl trace --all -X POST -d name=kim http://localhost:8080/form
  caddyctl trace --config /etc/caddy/Caddyfile -H 'Accept-Encoding: gzip' https://example.com/
  caddyctl trace --requests requests.json --format json
  caddyctl trace --log /var/log/caddy/access.log
  caddyctl trace --service caddy --config /etc/caddy/Caddyfile https://example.com/

Nothing is sent: upstreams are assumed to answer 200. Files that the site serves or asks for are read from this machine. \
What cannot be decided is reported as undecided. With --log, trace compares the logged status of each request with the status that it computes.

Exit status: 0 success; 2 usage error, a file cannot be read or does not compile, or a request is malformed.";

/// Traces one request, or all of a file.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let requests = match &args.requests {
        Some(path) => listed(path, args.raise)?,
        None if !args.logs.is_empty() => Vec::new(),
        None => vec![Ok(single(args)?)],
    };
    let env = args.environment.read_with(&args.service)?;
    let audience = if args.format == Format::Text { Audience::Terminal } else { Audience::Program };
    let plugins = args.plugins.for_service(&args.service);
    let with = diff::With {
        env: &env,
        reach: &args.reach,
        raise: args.raise,
        plugins: &plugins,
        host: None,
        audience,
    };
    let side = match args.live.read(&with)? {
        Some(side) => Some(side),
        None => diff::side(&args.config, &with)?,
    };
    let Some(side) = side else { return Ok(ExitCode::from(2)) };
    let program = model::program(&side, &args.config, &plugins)?;
    let machine = Machine::new(input::working_directory()?, env);
    if !args.logs.is_empty() {
        return measure(args, &side, &program, &machine);
    }
    let at = |place: &Place| position(&side, place);
    let mut failed = false;
    match args.format {
        Format::Json => print::data_with(|out| {
            out.write_all(b"[")?;
            for (number, request) in requests.iter().enumerate() {
                out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
                let value = match request {
                    Ok(request) => json(&program.trace(request, &machine, false), &at),
                    Err(why) => {
                        failed = true;
                        serde_json::json!({ "error": why })
                    }
                };
                out.write_all(shown::json(&value.to_string()).as_bytes())?;
            }
            out.write_all(b"\n]\n")
        })?,
        Format::Text => {
            for (number, request) in requests.iter().enumerate() {
                if number > 0 {
                    print::stdout("\n")?;
                }
                match request {
                    Ok(request) => {
                        let answer = program.trace(request, &machine, true);
                        let how = Text { request: address::words(request), at: &at, all: args.all };
                        print::stdout(text(&answer, &how))?;
                    }
                    Err(why) => {
                        failed = true;
                        print::stderr(format!("error: {}\n", shown::line(why)));
                    }
                }
            }
        }
    }
    Ok(if failed { ExitCode::from(2) } else { ExitCode::SUCCESS })
}

/// Compares the model with the statuses of access logs.
fn measure(args: &Args, side: &Side, program: &Program<'_>, machine: &Machine) -> anyhow::Result<ExitCode> {
    let mut traffic = Traffic::default();
    args.logs.read(&mut traffic, &mut |traffic, entry| {
        traffic.measure(entry, program, machine, args.show_secrets);
    })?;
    let at = |key: &Key| match side.place_of(&key.new) {
        Some(at) => format!("{}:{}", at.file.strip_prefix("./").unwrap_or(&at.file), at.line),
        None => "added by Caddy".to_owned(),
    };
    let variables = variables(&side.sources);
    let hide = |text: &str| secrets::hide_within(&variables.hide_distinct(text, Mode::Sentence));
    let how = How { title: "Model and log", verb: "have another status in the model", at: &at, hide: &hide };
    match args.format {
        Format::Text => print::stdout(log_text(&traffic, &how))?,
        Format::Json => print::data(shown::json(&(log_json(&traffic, &how).to_string() + "\n")).as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The request of the command line.
fn single(args: &Args) -> anyhow::Result<Request> {
    let url = args.url.as_deref().unwrap_or_default();
    let mut request = address::request(url).map_err(|why| {
        Fault::system(format!("{}: {why}", shown::line(url))).help("such as https://example.com/path")
    })?;
    request.from.clone_from(&args.from);
    request.to.clone_from(&args.to);
    if args.http10 {
        "1.0".clone_into(&mut request.version);
    }
    for line in &args.headers {
        let Some((name, value)) = line.split_once(':') else {
            let message = format!("`{}` has no colon", shown::line(line));
            return Err(Fault::system(message).help("such as -H 'Accept: text/html'").into());
        };
        if name.eq_ignore_ascii_case("Host") {
            request.host = Some(value.trim().to_owned());
        } else {
            request.headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    if !args.data.is_empty() {
        "POST".clone_into(&mut request.method);
        request.body = args.data.join("&");
        if !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Content-Type")) {
            let kind = "application/x-www-form-urlencoded";
            request.headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
    }
    if let Some(method) = &args.method {
        request.method.clone_from(method);
    }
    Ok(request)
}

/// The requests of a file; those that are malformed with the reason.
fn listed(path: &Path, raise: Raise) -> anyhow::Result<Vec<Result<Request, String>>> {
    let name = shown::path(path);
    let bytes = input::read(path, raise)?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Fault::system(format!("{name} is not JSON: {error}")))?;
    let Value::Array(list) = value else {
        return Err(Fault::system(format!("{name}: expected a list of requests"))
            .help("docs/trace.md describes the file")
            .into());
    };
    let read = |(number, value): (usize, &Value)| {
        Request::of_json(value, &format!("/{number}")).map_err(|fault| format!("{name}{fault}"))
    };
    Ok(list.iter().enumerate().map(read).collect())
}

/// The file and line of a place.
pub fn position(side: &Side, place: &Place) -> Option<(String, usize)> {
    let span = place.span?;
    let file = side.sources.file(span.file).shown();
    let file = file.strip_prefix("./").unwrap_or(file).to_owned();
    Some((file, side.sources.position(span).line))
}
