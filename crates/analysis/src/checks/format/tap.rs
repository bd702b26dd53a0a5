//! The Test Anything Protocol, version 14.

use caddyctl_language::source::shown::line;

use super::Report;
use crate::checks::State;

/// A line for each check; one of which nothing is decided is skipped.
pub fn tap(report: &Report<'_>) -> String {
    let mut out = format!("TAP version 14\n1..{}\n", report.outcomes.len() + report.faults.len());
    let mut number = 0;
    for outcome in report.outcomes {
        number += 1;
        let name = safe(&outcome.case.name);
        match outcome.state() {
            State::Passed => out += &format!("ok {number} - {name}\n"),
            State::Undecided => {
                let why = safe(&report.open(outcome).unwrap_or_default());
                out += &format!("ok {number} - {name} # SKIP not decided offline: {why}\n");
            }
            State::Failed => {
                out += &format!(
                    "not ok {number} - {name}\n  ---\n  line: {}\n  message: |\n",
                    outcome.case.line
                );
                let mut lines = report.failures(outcome);
                lines.extend(report.answered(outcome));
                lines.extend((report.trace)(outcome).lines().map(str::to_owned));
                for one in lines {
                    out += &format!("    {}\n", line(&one));
                }
                out += "  ...\n";
            }
        }
    }
    for fault in report.faults {
        number += 1;
        out += &format!("not ok {number} - {}\n", safe(&report.fault(fault)));
    }
    out
}

/// A description: `#` would begin a directive.
fn safe(text: &str) -> String {
    line(text).replace('\\', "\\\\").replace('#', "\\#")
}
