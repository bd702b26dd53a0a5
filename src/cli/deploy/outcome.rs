//! What is printed at the end: text for people, one line of JSON for configuration management.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use caddyctl_analysis::routes::variables;
use caddyctl_deploy::Report;
use caddyctl_deploy::admin::refusal;
use caddyctl_deploy::artifact::{Artifact, Role};
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::files::write;
use caddyctl_deploy::state::journal::JournalError;
use caddyctl_deploy::state::lock::LockError;
use caddyctl_deploy::systemd::unit_file::Beyond;
use caddyctl_deploy::transaction::error::{Cause, Failure};
use caddyctl_deploy::transaction::plan::{Action, Plan};
use caddyctl_deploy::transaction::recover::{RecoverError, Recovery};
use caddyctl_deploy::transaction::setup::Step;
use caddyctl_host::regular;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::discretion::{Audience, discreet};
use caddyctl_language::diagnostics::render::{Report as Faults, full};
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::variables::Mode;
use caddyctl_language::source::{secrets, shown};
use serde::Serialize;
use serde_json::Value;
use similar::TextDiff;

use crate::cli::fault::{self, Fault};
use crate::cli::{colour, print};

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text.
    #[default]
    Text,
    /// JSON on one line.
    Json,
}

/// What the plan changes in the texts, as a unified diff. Secrets are hidden.
pub fn diff(plan: &Plan, artifact: &Artifact, host: &Host) -> String {
    let mut text = String::new();
    for (planned, file) in plan
        .files
        .iter()
        .zip(&artifact.files)
        .filter(|(planned, _)| planned.action != Action::Keep && planned.role != Role::Program)
    {
        let read = |bytes: Option<Vec<u8>>| String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
        // The target is that of the plan: where a link leads was decided there.
        let old = match &planned.link {
            // It is read past a link of root's, and the link is replaced.
            Some(_) => host.read(&planned.path, regular::MOST).ok(),
            None => write::read(&planned.target, regular::MOST).ok(),
        };
        let (old, new) = (read(old), read(file.bytes.clone()));
        let name = shown::path(&planned.path);
        text += &unified(&name, &old, &new);
    }
    text
}

/// A unified diff of two texts without their secrets, which are hidden once the texts are compared.
fn unified(name: &str, old: &str, new: &str) -> String {
    let (old_shown, new_shown) = (secrets::hide_lines(old), secrets::hide_lines(new));
    let lines = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for (number, hunk) in lines.unified_diff().iter_hunks().enumerate() {
        if number == 0 {
            let _ = writeln!(text, "--- a{name}\n+++ b{name}");
        }
        let _ = writeln!(text, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let shown = match (change.old_index(), change.new_index()) {
                (_, Some(at)) => new_shown.get(at),
                (Some(at), None) => old_shown.get(at),
                (None, None) => None,
            };
            let _ = writeln!(text, "{}{}", change.tag(), shown.map_or("", String::as_str));
            if change.missing_newline() {
                let _ = writeln!(text, "\\ No newline at end of file");
            }
        }
    }
    text
}

/// The last line of `--format json`.
#[derive(Debug, Default, Serialize)]
struct Line<'l> {
    changed: bool,
    failed: bool,
    diff: &'l str,
    phase: &'l str,
    msg: &'l str,
    deployment: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'l Plan>,
    #[serde(skip_serializing_if = "<[Beyond]>::is_empty")]
    unit_settings: &'l [Beyond],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    losses: &'l [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<&'l Value>,
}

/// What a deploy changes, for its last line.
#[derive(Debug)]
pub struct Change<'c> {
    /// The texts, as a unified diff.
    pub diff: &'c str,
    /// What it takes away, each a sentence.
    pub losses: &'c [String],
    /// The settings of the drop-in that a person allowed.
    pub unit_settings: &'c [Beyond],
    /// What changes because the host's Caddy has another version than at the last deployment.
    pub upgrade: Option<&'c Value>,
}

impl Line<'_> {
    fn print(&self) -> anyhow::Result<()> {
        print::json(self)
    }
}

/// A system error or a usage error as the last line of JSON too, since a program reads nothing else.
pub fn reported(format: Format, result: anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    if let (Format::Json, Err(error)) = (format, &result) {
        let msg = format!("{}; nothing was changed", fault::words(error));
        Line { failed: true, phase: Step::Plan.name(), msg: &msg, ..Line::default() }.print()?;
    }
    result
}

/// A Caddyfile that is at fault, which has been shown. `after` says what is true of an installed one.
pub fn refused(after: Option<&str>, format: Format) -> anyhow::Result<ExitCode> {
    if let Some(after) = after {
        print::stderr(format!("note: {after}\n"));
    }
    if format == Format::Json {
        let after = after.map(|after| format!("; {after}")).unwrap_or_default();
        let msg = format!("the Caddyfile has errors, see standard error; nothing was changed{after}");
        Line { failed: true, phase: Step::Check.name(), msg: &msg, ..Line::default() }.print()?;
    }
    Ok(ExitCode::from(1))
}

/// A plan that is only shown, since that was wanted (`dry`) or there is nothing to do.
pub fn planned(plan: &Plan, change: &Change<'_>, dry: bool, format: Format) -> anyhow::Result<ExitCode> {
    let is_empty = plan.is_empty();
    let msg = if is_empty { NOTHING } else { "this is what a deploy would do; nothing was changed" };
    match format {
        Format::Text if dry => print::stdout(format!("{plan}{}{msg}\n", shown::unified(change.diff)))?,
        Format::Text => print::stdout(format!("{msg}\n"))?,
        Format::Json => {
            let Change { diff, losses, unit_settings, upgrade } = *change;
            let plan = Some(plan).filter(|_| dry);
            let phase = Step::Plan.name();
            let changed = !is_empty;
            Line { changed, diff, phase, msg, plan, unit_settings, losses, upgrade, ..Line::default() }
                .print()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

const NOTHING: &str = "nothing to do: everything is up to date";

/// A deploy that went well.
pub fn done(
    report: &Report,
    confirm: Option<Duration>,
    change: &Change<'_>,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let msg = match &report.deployment {
        None => NOTHING.to_owned(),
        Some(id) if report.awaits_confirmation => {
            let seconds = confirm.unwrap_or_default().as_secs_f64();
            format!(
                "deployment {id} runs and waits for `caddyctl confirm`; without it, it is rolled back in {seconds} s"
            )
        }
        Some(id) => format!("deployment {id} is in place"),
    };
    match format {
        Format::Text => {
            let recovered =
                report.recovery.as_ref().map(|recovery| recovered(recovery) + "\n").unwrap_or_default();
            print::stdout(format!("{recovered}{msg}\n"))?;
        }
        Format::Json => {
            let deployment = report.deployment.as_deref();
            let phase = if report.awaits_confirmation { Step::Verify } else { Step::Commit }.name();
            let Change { diff, unit_settings, losses, upgrade } = *change;
            let (changed, msg) = (report.changed, &*msg);
            Line { changed, diff, phase, msg, deployment, unit_settings, losses, upgrade, ..Line::default() }
                .print()?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// An earlier deploy that was finished or undone.
pub fn recovered(recovery: &Recovery) -> String {
    match recovery {
        Recovery::Finished { deployment, left: None } => format!("deployment {deployment} was finished"),
        Recovery::Finished { deployment, left: Some(left) } => format!(
            "the files of deployment {deployment} are in place, but this step failed: {left}; `caddyctl deploy` tries again"
        ),
        Recovery::Undone { deployment, undo } => format!("deployment {deployment} was undone: {undo}"),
    }
}

/// Another deploy that did not end in time, with what to do.
pub fn locked(error: LockError) -> Fault {
    let cause = Cause::from(error);
    let fault = Fault::system(cause.to_string());
    match cause.help() {
        Some(help) => fault.help(help),
        None => fault,
    }
}

/// An earlier deploy that could be neither finished nor undone, with what to do.
pub fn unrecovered(error: &RecoverError) -> Fault {
    Fault::system(error.to_string()).help(match error {
        RecoverError::Awaiting { .. } => {
            "`caddyctl confirm` keeps it; `caddyctl recover --overdue` undoes it now".to_owned()
        }
        RecoverError::Stuck { undo, .. } => {
            undo.help().unwrap_or("`caddyctl recover` tries again").to_owned()
        }
        RecoverError::Journal(JournalError::Write(error)) if error.help().is_some() => {
            error.help().unwrap_or_default()
        }
        RecoverError::Journal(JournalError::Version { .. }) => {
            "run `caddyctl recover` with the version that wrote it: it describes an unfinished deploy".to_owned()
        }
        RecoverError::Journal(_) => {
            "the journal describes an unfinished deploy; if it is unreadable, check the files in /etc/caddy and delete \
                                     the journal"
                .to_owned()
        }
        _ => "fix the reported error; `caddyctl recover` tries again".to_owned(),
    })
}

/// A deploy that did not happen; `after` are sentences on what is true now beyond what was undone. Caddy's refusal is shown at the line of the Caddyfile that it is about.
pub fn failed(
    failure: &Failure,
    phase: Step,
    compilation: &Compilation,
    after: &[String],
    format: Format,
) -> anyhow::Result<ExitCode> {
    // Caddy quotes values in its refusals.
    let hidden = |text: &str| {
        variables(&compilation.sources).hide_as(&secrets::hide_within(text), &[], Mode::Sentence)
    };
    let failed = hidden(&failure.to_string());
    let now = match &failure.undo {
        Some(undo) => match undo.help() {
            Some(help) => format!("{undo}; {help}"),
            None => undo.to_string(),
        },
        None => "nothing was changed".to_owned(),
    };
    let now = after.iter().fold(now, |now, after| format!("{now}; {}", hidden(after)));
    let status = if failure.cause.is_input() { 1 } else { 2 };
    let help = match failure.cause.help() {
        Some(help) => format!("{now}; {help}"),
        None => now.clone(),
    };
    if format == Format::Json {
        let changed = failure.undo.as_ref().is_some_and(|undo| !undo.is_complete());
        let msg = format!("{failed}; {help}");
        Line { changed, failed: true, phase: phase.name(), msg: &msg, ..Line::default() }.print()?;
    }
    if let Some(found) = failure.cause.refusal().and_then(|words| at_its_line(words, compilation)) {
        let mut found = [found.help(now)];
        let sources = &compilation.sources;
        discreet(&mut found, sources, &variables(sources), Audience::Terminal);
        let report = Faults { sources, diagnostics: &found };
        print::stderr_styled(full::render(&[report], colour::on_stderr()));
        return Ok(ExitCode::from(status));
    }
    let fault = if status == 1 { Fault::input(failed) } else { Fault::system(failed) };
    fault::report(&fault.help(help).into());
    Ok(ExitCode::from(status))
}

fn at_its_line(words: &str, compilation: &Compilation) -> Option<Diagnostic> {
    let span = compilation.span_at(&refusal::pointer(words)?)?;
    let found =
        Diagnostic::error(Code::PROVISION, span, format!("caddy refused it: {}", refusal::essence(words)));
    Some(found.label("Caddy's error refers to this").help(format!("caddy's words: {words}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_keeps_secrets_to_itself() {
        let diff = unified(
            "/etc/caddy/Caddyfile",
            "basic_auth {\n\tbob plain\n}\n",
            "basic_auth {\n\tbob other\n}\n\theader_up Authorization \"Bearer abcdefghijklmnop\"\n\trespond hi",
        );
        assert_eq!(
            diff,
            "--- a/etc/caddy/Caddyfile\n+++ b/etc/caddy/Caddyfile\n@@ -1,3 +1,5 @@\n basic_auth {\n-\tbob <hidden>\n\
             +\tbob <hidden>\n }\n+\theader_up Authorization <hidden>\n+\trespond hi\n\\ No newline at end of file\n"
        );
    }
}
