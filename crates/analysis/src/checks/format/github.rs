//! Workflow commands of GitHub Actions.

use caddyctl_language::source::shown::line;
use caddyctl_language::source::shown::runner::{github_data, github_property};

use super::Report;
use crate::checks::State;

/// GitHub shows so many annotations of one level for a step, and drops the rest.
const SHOWN: usize = 10;

/// An annotation for each check that failed and each malformed part, then the summary.
pub fn github(report: &Report<'_>) -> String {
    let mut all = Vec::new();
    for fault in report.faults {
        let message = format!("expected {}", fault.expected);
        all.push((fault.line, "malformed checks".to_owned(), message));
    }
    for outcome in report.outcomes.iter().filter(|outcome| outcome.state() == State::Failed) {
        let mut lines = report.failures(outcome);
        lines.extend(report.answered(outcome));
        lines.extend((report.trace)(outcome).lines().map(str::to_owned));
        let lines: Vec<String> = lines.iter().map(|one| line(one).into_owned()).collect();
        all.push((outcome.case.line, outcome.case.name.clone(), lines.join("\n")));
    }
    let mut out = String::new();
    for (number, (at, title, message)) in all.iter().enumerate() {
        if number < SHOWN {
            out += &format!(
                "::error file={},line={at},title={}::{}\n",
                github_property(&line(report.file)),
                github_property(&line(title)),
                github_data(message)
            );
        } else {
            out += &format!("error: {}:{at}: {}: {}\n", line(report.file), line(title), line(message));
        }
    }
    out + &report.summary() + "\n"
}
