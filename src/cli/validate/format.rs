//! The values of `--format` and `--deny`.

use std::path::Path;

use caddyctl_analysis::lint;
use caddyctl_language::diagnostics::discretion::Audience;
use caddyctl_language::diagnostics::render::sarif::LintRule;
use caddyctl_language::diagnostics::render::{self, Report};
use caddyctl_language::diagnostics::{SettingsFile, Severity};

use crate::cli::colour;

/// The value of `--format`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum Format {
    /// Text with source lines, labels and help.
    #[default]
    Full,
    /// One line for each finding.
    Concise,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations in a GitHub workflow.
    Github,
    /// A GitLab code quality report.
    Gitlab,
    /// JUnit XML, one test case for each file.
    Junit,
    /// Reviewdog's diagnostic format.
    Rdjson,
}

impl Format {
    /// Whether it is for people, rather than a document for programs.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }

    /// Who reads it. The short lines are read by editors too.
    pub fn audience(self) -> Audience {
        if matches!(self, Self::Full) { Audience::Terminal } else { Audience::Program }
    }

    /// The reports in this form, for standard output, with the settings that left something out; paths relative to `root` where other tools read them.
    pub fn render(self, reports: &[Report], settings: &[SettingsFile], root: &Path) -> String {
        match self {
            Self::Full => render::full::render(reports, colour::on_stdout()),
            Self::Concise => render::concise::render(reports),
            Self::Json => render::json::render_run(reports, settings),
            Self::Sarif => render::sarif::render_run(reports, Some(root), &lints(), settings),
            Self::Github => render::github::render_run(reports, Some(root), settings),
            Self::Gitlab => render::gitlab::render(reports, Some(root)),
            Self::Junit => render::junit::render(reports, Some(root)),
            Self::Rdjson => render::rdjson::render(reports, Some(root)),
        }
    }
}

/// The lint rules, for the document that lists them.
fn lints() -> Vec<LintRule> {
    let rules = lint::all();
    rules
        .map(|rule| LintRule {
            code: rule.code,
            severity: rule.severity,
            summary: rule.summary,
            page: rule.page,
        })
        .collect()
}

/// The value of `--deny`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum Level {
    /// Errors, which Caddy refuses.
    #[default]
    Error,
    /// Errors, and warnings about valid but probably unintended configurations.
    Warning,
    /// Errors, warnings and notes.
    Note,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Note => Self::Note,
        }
    }
}
