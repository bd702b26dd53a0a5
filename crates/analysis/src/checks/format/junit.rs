//! JUnit XML.

use std::fmt::Write as _;

use caddyctl_language::source::shown::markup::escaped;

use super::Report;
use crate::checks::State;

/// A test case for each check; one of which nothing is decided is skipped, a malformed part is an error.
pub fn junit(report: &Report<'_>) -> String {
    let score = report.score();
    let (tests, errors) = (report.outcomes.len() + report.faults.len(), report.faults.len());
    let (file, failed, skipped) = (escaped(report.file), score.failed, score.undecided);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"caddyctl test\" tests=\"{tests}\" \
         failures=\"{failed}\" errors=\"{errors}\">\n  <testsuite name=\"{file}\" tests=\"{tests}\" \
         failures=\"{failed}\" errors=\"{errors}\" skipped=\"{skipped}\">\n"
    );
    for outcome in report.outcomes {
        let name = escaped(&outcome.case.name);
        let _ = write!(
            out,
            "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{}\"",
            outcome.case.line
        );
        match outcome.state() {
            State::Passed => out += "/>\n",
            State::Undecided => {
                let why = escaped(&report.open(outcome).unwrap_or_default());
                let _ = writeln!(out, "><skipped message=\"not decided offline: {why}\"/></testcase>");
            }
            State::Failed => {
                let mut lines = report.failures(outcome);
                let message = escaped(&lines.join("; "));
                lines.extend(report.answered(outcome));
                lines.extend((report.trace)(outcome).lines().map(str::to_owned));
                let body: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                let _ =
                    writeln!(out, "><failure message=\"{message}\">{}</failure></testcase>", body.join("\n"));
            }
        }
    }
    for fault in report.faults {
        let message = escaped(&report.fault(fault));
        let _ = writeln!(
            out,
            "    <testcase name=\"line {}\" classname=\"{file}\"><error message=\"{message}\"/></testcase>",
            fault.line
        );
    }
    out + "  </testsuite>\n</testsuites>\n"
}
