//! Lines for people.

use caddyctl_language::source::shown::line;

use super::Report;
use crate::checks::State;

/// A line for each check, what failed below it, and the summary.
pub fn text(report: &Report<'_>) -> String {
    let mut out = String::new();
    for fault in report.faults {
        out += &format!("malformed  {}\n", line(&report.fault(fault)));
    }
    for outcome in report.outcomes {
        let name = line(&outcome.case.name);
        match outcome.state() {
            State::Passed => {
                out += &format!("ok         {name}");
                if let Some(open) = report.open(outcome) {
                    out += &format!("  [not decided offline: {}]", line(&open));
                }
                out.push('\n');
            }
            State::Undecided => {
                let open = report.open(outcome).unwrap_or_default();
                out += &format!("undecided  {name}: {}\n", line(&open));
            }
            State::Failed => {
                out += &format!("failed     {name}\n");
                for failure in report.failures(outcome) {
                    out += &format!("             {}\n", line(&failure));
                }
                if let Some(answered) = report.answered(outcome) {
                    out += &format!("             {}\n", line(&answered));
                }
                for step in (report.trace)(outcome).lines() {
                    out += &format!("             > {}\n", line(step));
                }
            }
        }
    }
    out + &report.summary() + "\n"
}
