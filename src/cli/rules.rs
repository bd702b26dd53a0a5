//! `caddyctl rules`: all codes and rules, with what a program may want to know of them.

use std::process::ExitCode;

use caddyctl_analysis::lint;
use caddyctl_language::diagnostics::{Applicability, Code, Severity};
use caddyctl_language::source::shown;
use serde::Serialize;

use super::print;

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "List the codes of errors and the lint rules";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One line for each code.
    #[default]
    Text,
    /// One JSON array, with the page of each.
    Json,
}

const HELP: &str = "Examples:
  caddyctl rules
  caddyctl rules --format json | jq -r '.[] | select(.fix == \"safe\") | .code'

`caddyctl explain CODE` prints the page of one of them.

Exit status: 0 success; 2 usage error.";

/// What is known of a code.
#[derive(Serialize)]
struct Entry {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    /// `default` or `strict` for lint rules; none for what the compiler reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<&'static str>,
    /// Which option carries out the edits of its findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    summary: &'static str,
    page: &'static str,
}

/// Lists.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let all = entries();
    match args.format {
        Format::Text => print::stdout(text(&all))?,
        Format::Json => print::data(shown::json(&(serde_json::to_string_pretty(&all)? + "\n")).as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn entries() -> Vec<Entry> {
    let codes = Code::ALL.iter().map(|code| Entry {
        code: code.id,
        name: code.name,
        severity: if code.id.starts_with('E') { "error" } else { "warning" },
        preset: None,
        fix: None,
        summary: code.summary().unwrap_or_default(),
        page: code.page().unwrap_or_default(),
    });
    let rules = lint::all().map(|rule| Entry {
        code: rule.code.id,
        name: rule.code.name,
        severity: match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        preset: Some(if lint::is_strict(rule.code) { "strict" } else { "default" }),
        fix: lint::fixability(rule).map(|fix| if fix == Applicability::Safe { "safe" } else { "unsafe" }),
        summary: rule.summary,
        page: rule.page,
    });
    codes.chain(rules).collect()
}

fn text(all: &[Entry]) -> String {
    let width = all.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let line = |entry: &Entry| {
        let fix = entry.fix.map_or(String::new(), |fix| format!(" ({fix} fix)"));
        let preset = if entry.preset == Some("strict") { " (strict)" } else { "" };
        format!(
            "{:5}  {:width$}  {:7}  {}{fix}{preset}\n",
            entry.code, entry.name, entry.severity, entry.summary
        )
    };
    all.iter().map(line).collect()
}
