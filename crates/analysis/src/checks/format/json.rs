//! JSON.

use caddyctl_language::source::secrets;
use serde_json::{Value, json as object};

use super::Report;
use crate::checks::{State, Verdict};

/// The version of the form of the output.
const VERSION: u8 = 1;

/// An object with the summary, each check, and the malformed parts.
pub fn json(report: &Report<'_>) -> Value {
    let score = report.score();
    let checks = report.outcomes.iter().map(|outcome| {
        let judged = outcome.judged.iter().map(|judged| {
            let (result, found) = match &judged.verdict {
                Verdict::Passed => ("passed", None),
                Verdict::Failed(found) => ("failed", Some(found)),
                Verdict::Undecided(why) => ("undecided", Some(why)),
            };
            let mut one = object!({
                "what": judged.expected.what(),
                "expected": secrets::hide_within(&judged.expected.words()),
                "result": result,
            });
            if let Some(found) = found {
                one[if result == "failed" { "found" } else { "why" }] = (report.hide)(found).into();
            }
            one
        });
        let mut one = object!({
            "name": outcome.case.name,
            "line": outcome.case.line,
            "result": match outcome.state() {
                State::Passed => "passed",
                State::Failed => "failed",
                State::Undecided => "undecided",
            },
            "expectations": judged.collect::<Vec<_>>(),
        });
        if let Some((file, line)) = (report.at)(outcome) {
            one["answered_by"] = object!({ "file": file, "line": line });
        }
        let trace = if outcome.state() == State::Failed { (report.trace)(outcome) } else { String::new() };
        if !trace.is_empty() {
            one["trace"] = trace.into();
        }
        one
    });
    let malformed = report
        .faults
        .iter()
        .map(|fault| object!({ "line": fault.line, "column": fault.column, "expected": fault.expected }));
    object!({
        "version": VERSION,
        "file": report.file,
        "summary": {
            "checks": report.outcomes.len(),
            "passed": score.passed,
            "failed": score.failed,
            "undecided": score.undecided,
            "undecided_expectations": score.open,
        },
        "checks": checks.collect::<Vec<_>>(),
        "malformed": malformed.collect::<Vec<_>>(),
    })
}
