//! What is said at the end: text for people, one line of JSON for configuration management.

use std::process::ExitCode;

use caddyctl::compile::Compilation;
use caddyctl::deploy::Report;
use caddyctl::deploy::error::Failure;
use caddyctl::deploy::plan::{Action, Artifact, Plan, Role};
use caddyctl::deploy::recover::Recovery;
use caddyctl::deploy::refusal;
use caddyctl::diagnostics::render::{Report as Faults, full};
use caddyctl::diagnostics::{Code, Diagnostic};
use serde_json::json;
use similar::TextDiff;

use crate::cli::fault::Fault;
use crate::cli::{colour, print};

/// The form of the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Words.
    #[default]
    Text,
    /// One line: changed, diff, phase, msg, deployment.
    Json,
}

/// What the plan changes in the texts, as a unified diff.
pub fn diff(plan: &Plan, artifact: &Artifact) -> String {
    let mut text = String::new();
    for (planned, file) in plan
        .files
        .iter()
        .zip(&artifact.files)
        .filter(|(planned, _)| planned.action != Action::Keep && planned.role != Role::Program)
    {
        let read = |bytes: Option<Vec<u8>>| String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
        let (old, new) = (read(std::fs::read(&planned.target).ok()), read(file.bytes.clone()));
        let name = planned.path.display().to_string();
        let lines = TextDiff::from_lines(&old, &new);
        text += &lines.unified_diff().header(&format!("a{name}"), &format!("b{name}")).to_string();
    }
    text
}

/// A plan that is only shown.
pub fn planned(plan: &Plan, diff: &str, format: Format) -> anyhow::Result<ExitCode> {
    let message = if plan.is_empty() { NOTHING } else { "this is what a deploy would do" };
    match format {
        Format::Text => print::stdout(format!("{plan}{message}\n"))?,
        Format::Json => line(!plan.is_empty(), diff, "plan", message, None, Some(plan))?,
    }
    Ok(ExitCode::SUCCESS)
}

const NOTHING: &str = "nothing to do: everything is as it should be";

/// A deploy that went well.
pub fn done(report: &Report, diff: &str, format: Format) -> anyhow::Result<ExitCode> {
    let message = match &report.deployment {
        None => NOTHING.to_owned(),
        Some(id) if report.awaits_confirmation => {
            format!("deployment {id} runs and waits for `caddyctl confirm`; without it, everything goes back")
        }
        Some(id) => format!("deployment {id} is in place"),
    };
    match format {
        Format::Text => {
            let recovered =
                report.recovery.as_ref().map(|recovery| recovered(recovery) + "\n").unwrap_or_default();
            print::stdout(format!("{recovered}{message}\n"))?;
        }
        Format::Json => line(report.changed, diff, "commit", &message, report.deployment.as_deref(), None)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// An earlier deploy that was finished or undone.
pub fn recovered(recovery: &Recovery) -> String {
    match recovery {
        Recovery::Finished { deployment, left: None } => format!("deployment {deployment} was finished"),
        Recovery::Finished { deployment, left: Some(left) } => {
            format!("the files of deployment {deployment} are in place; caddy could not be told: {left}")
        }
        Recovery::Undone { deployment, undo } => format!("deployment {deployment} was undone: {undo}"),
    }
}

/// A deploy that did not happen. Caddy's refusal is shown at the line of the Caddyfile that it is about.
pub fn failed(failure: &Failure, compilation: &Compilation, format: Format) -> anyhow::Result<ExitCode> {
    let now = match &failure.undo {
        Some(undo) => undo.to_string(),
        None => "nothing was changed".to_owned(),
    };
    let status = if failure.cause.is_input() { 1 } else { 2 };
    if format == Format::Json {
        line(false, "", "undo", &format!("{failure}; {now}"), None, None)?;
        return Ok(ExitCode::from(status));
    }
    if let Some(found) = failure.cause.refusal().and_then(|words| at_its_line(words, compilation)) {
        let report = Faults { sources: &compilation.sources, diagnostics: &[found.help(now)] };
        print::stderr(full::render(&[report], colour::on_stderr()));
        return Ok(ExitCode::from(status));
    }
    let fault =
        if status == 1 { Fault::input(failure.to_string()) } else { Fault::world(failure.to_string()) };
    Err(fault.help(now).into())
}

fn at_its_line(words: &str, compilation: &Compilation) -> Option<Diagnostic> {
    let span = compilation.span_at(&refusal::pointer(words)?)?;
    let found =
        Diagnostic::error(Code::PROVISION, span, format!("caddy refused it: {}", refusal::essence(words)));
    Some(found.label("this is what caddy means").help(format!("caddy's words: {words}")))
}

fn line(
    changed: bool,
    diff: &str,
    phase: &str,
    msg: &str,
    deployment: Option<&str>,
    plan: Option<&Plan>,
) -> anyhow::Result<()> {
    let mut line =
        json!({"changed": changed, "diff": diff, "phase": phase, "msg": msg, "deployment": deployment});
    if let Some(plan) = plan {
        line["plan"] = serde_json::to_value(plan)?;
    }
    print::stdout(format!("{line}\n"))
}
