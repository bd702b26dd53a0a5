//! `caddyctl status`: is all well, and what is deployed.

use std::fmt::Write as _;
use std::process::ExitCode;

use caddyctl_analysis::check::Facts as _;
use caddyctl_deploy::admin::known::Known;
use caddyctl_deploy::admin::refusal::shortened;
use caddyctl_deploy::admin::running::find_running;
use caddyctl_deploy::artifact::Role;
use caddyctl_deploy::certificates::{Certificate, storage, stored};
use caddyctl_deploy::doctor::{Journal, Next, Words, next_start};
use caddyctl_deploy::place::Found;
use caddyctl_deploy::state::history;
use caddyctl_deploy::status::{PATIENCE, Program, Seen, Service, Status, Unknown, status};
use caddyctl_deploy::systemd::Unit;
use caddyctl_host::{Machine, regular};
use caddyctl_language::source::shown;
use serde_json::Value;

use super::deploy::outcome::Format;
use super::deploy::place::Place;
use super::fault::Fault;
use super::{print, settings};

mod serving;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Show what is deployed, what runs, and any problems";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// Text, or one JSON object.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Do not run the checks of the deployment; only ask listeners and upstreams.
    #[arg(long)]
    no_checks: bool,
    #[command(flatten, next_help_heading = "Host options")]
    place: Place,
}

const HELP: &str = "Examples:
  sudo caddyctl status
  sudo caddyctl status --format json

status compares the last deployment with its source, the installed files and the running configuration. It also shows \
the state of the service, the watchdog and the certificates, and the errors in the journal since the last start. It runs \
the GET and HEAD checks of the last deployment, for at most 5 s; without checks, it asks listeners and upstreams. If the \
source has changed since the deployment, status shows it, but not as a problem. status changes nothing.

Exit status: 0 no problems; 1 problems; 2 usage error or system error.";

/// The most characters of a logged error.
const LONGEST: usize = 300;

/// So many certificates are listed for people.
const LISTED: usize = 10;

/// Shows the status.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let found = args.place.look()?;
    found.exists().map_err(Fault::from)?;
    found.is_of_version().map_err(Fault::from)?;
    let mut seen = look(&found, true);
    seen.serving.extend(named_by_source(&found));
    serving::look(&found, !args.no_checks, &mut seen)?;
    let status = status(&found.host, seen);
    let is_well = status.problems.is_empty();
    match args.format {
        Format::Json => print::json(&status)?,
        Format::Text => print::stdout(text(&status))?,
    }
    Ok(ExitCode::from(u8::from(!is_well)))
}

/// Whether the settings of the Caddyfile that was deployed name another version than that of the host's Caddy.
fn named_by_source(found: &Found) -> Option<String> {
    let source = history::current(&found.host)?.source?;
    let settings = settings::nearest(&source, false, &mut |_| ()).ok()??;
    let by = shown::path(settings.folder.join(settings::FILE));
    found.is_of(settings.settings.caddy.version?, by).err().map(|error| error.to_string())
}

/// Asks the service, the disk and, with `ask`, Caddy.
pub fn look(found: &Found, ask: bool) -> Seen {
    // Where the service is down, it is another Caddy that answers.
    let is_up = found.systemd.as_ref().is_none_or(|(_, unit)| unit.is_active());
    let admin = if ask && is_up { found.admin(None) } else { Known::default() };
    let running = (!admin.is_empty()).then(|| {
        let answer = find_running(found.inquiry(&admin), PATIENCE.min(found.timeout()));
        answer
            .map(|(admin, config)| (admin.address().to_string(), config))
            .map_err(|error| Unknown(error.to_string()))
    });
    let installed = found.installed().map(|installed| match (&installed.config, &installed.fault) {
        (Some(config), _) => Ok(config.clone()),
        (None, fault) => Err(Unknown(fault.as_ref().map(ToString::to_string).unwrap_or_default())),
    });
    let service = found.systemd.as_ref().map(|(systemd, unit)| {
        let name = found.host.companion();
        let companion = systemd.of(&name).show(PATIENCE).ok().filter(Unit::exists);
        Service::of(unit, companion.as_ref())
    });
    let journal = found.systemd.as_ref().map(|(systemd, _)| systemd.journal(PATIENCE)).unwrap_or_default();
    let service = service.map(|service| match journal.last_end() {
        Some(ended) if service.restarts > 0 => Service { ended: ended.to_owned(), ..service },
        _ => service,
    });
    let resumes = found.next.as_ref().is_some_and(Unit::resumes);
    let config = match (&running, &installed) {
        (Some(Ok((_, config))), _) | (_, Some(Ok(config))) => Some(config),
        _ => None,
    };
    let certificates = config.map(|config| certificates(found, config)).unwrap_or_default();
    Seen {
        caddy: found.host_caddy().map(Into::into),
        service,
        running,
        installed,
        autosave: resumes.then(|| found.autosave()).flatten(),
        certificates,
        errors: errors(&journal),
        next: next(found),
        ..Seen::default()
    }
}

/// What the next start has otherwise than what runs.
pub fn next(found: &Found) -> Vec<String> {
    let (Some((_, unit)), Some(next)) = (&found.systemd, &found.next) else { return Vec::new() };
    let record = history::current(&found.host);
    let drop_in = record.iter().flat_map(|record| &record.files).find_map(|file| {
        (file.role == Role::DropIn && file.digest.is_some()).then_some(())?;
        Some((file.path.clone(), String::from_utf8(found.host.read(&file.path, regular::MOST).ok()?).ok()?))
    });
    let drop_in = drop_in.as_ref().map(|(path, text)| (path.as_path(), text.as_str()));
    let uid = found.reader.as_ref().map(|reader| reader.uid);
    next_start(&Next { name: &found.host.unit, unit, next, env: &found.given, uid, drop_in })
}

/// The certificates in Caddy's storage, where it is a folder of this host.
fn certificates(found: &Found, config: &Value) -> Vec<Certificate> {
    if found.systemd.is_none() {
        return Vec::new();
    }
    let data = Machine::new("/", found.env.clone()).data_folder();
    let folder = storage(config, data);
    folder.map(|folder| stored(config, &folder, jiff::Timestamp::now())).unwrap_or_default()
}

/// The last errors in the journal since the last start, each with its time.
fn errors(journal: &Journal) -> Vec<String> {
    let line = |words: &Words| {
        let when = words.when.map(|when| format!("{when} ")).unwrap_or_default();
        let logger = if words.logger.is_empty() { String::new() } else { format!("{}: ", words.logger) };
        format!("{when}{logger}{}", shortened(&words.text, LONGEST))
    };
    journal.errors(5).into_iter().map(line).collect()
}

fn text(status: &Status) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12} {}", shown::line(&value));
    };
    if let Some(Program { version, known, .. }) = &status.caddy {
        let unknown = if *known {
            ""
        } else {
            ", which caddyctl does not know: its own reading of the Caddyfile counts"
        };
        row("caddy", format!("{version}{unknown}"));
    }
    if let Some(service) = &status.service {
        let since =
            if service.since.is_empty() { String::new() } else { format!(" since {}", service.since) };
        row("service", service.state.clone() + &since);
        let ended = if service.ended.is_empty() {
            String::new()
        } else {
            format!(", the last one after `{}`", service.ended)
        };
        row("restarts", service.restarts.to_string() + &ended);
        let watchdog = if service.watchdog.is_empty() { "none" } else { &service.watchdog };
        row("watchdog", watchdog.to_owned());
    }
    if let Some(admin) = &status.admin {
        row("admin", admin.clone());
    }
    for (name, digest) in [("running", &status.running), ("installed", &status.installed)] {
        if let Some(digest) = digest {
            row(name, digest.short().to_owned());
        }
    }
    match &status.deployment {
        Some(record) => {
            let who = if record.who.is_empty() { String::new() } else { format!(" by {}", record.who) };
            let modified = if record.modified { " with uncommitted changes" } else { "" };
            let author = record.author.as_ref().map(|author| format!(" of {author}")).unwrap_or_default();
            let of =
                record.revision.as_ref().map(|revision| format!(", revision {revision}{modified}{author}"));
            let of = of.unwrap_or_default();
            row("deployment", format!("{} of {}{who}{of}", record.id, record.when));
        }
        None => row("deployment", "none".to_owned()),
    }
    if let Some(source) = &status.source {
        let state = if source.changed { "changed since" } else { "as it was deployed" };
        row("source", format!("{}, {state}", shown::path(&source.path)));
    }
    for certificate in status.certificates.iter().take(LISTED) {
        let Certificate { name, issuer, .. } = certificate;
        row("certificate", format!("{name} by {issuer}, {}", certificate.left()));
    }
    if let Some(more) = status.certificates.len().checked_sub(LISTED).filter(|more| *more > 0) {
        row("certificate", format!("and {more} more; --format json lists all"));
    }
    if let Some(checked) = status.checked {
        let checks = if checked == 1 { "check" } else { "checks" };
        row("checks", format!("{checked} {checks} of the deployment ran"));
    }
    for error in &status.errors {
        row("logged", error.clone());
    }
    for problem in &status.problems {
        row("problem", problem.clone());
    }
    text + if status.problems.is_empty() { "no problems\n" } else { "run `caddyctl doctor` for help\n" }
}
