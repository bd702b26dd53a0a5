//! What came of checks, in each form of output.

mod github;
mod json;
mod junit;
mod tap;
mod text;

pub use github::github;
pub use json::json;
pub use junit::junit;
pub use tap::tap;
pub use text::text;

use caddyctl_language::source::secrets;

use super::read::Fault;
use super::run::{Outcome, Score};

/// What is reported.
pub struct Report<'a> {
    /// The name of the file of checks.
    pub file: &'a str,
    /// What came of each check.
    pub outcomes: &'a [Outcome],
    /// The malformed parts of the file.
    pub faults: &'a [Fault],
    /// The file and line of the directive that wrote an answer.
    pub at: &'a dyn Fn(&Outcome) -> Option<(String, usize)>,
    /// What happened to the request of a check that failed, as text; empty unless it was requested.
    pub trace: &'a dyn Fn(&Outcome) -> String,
    /// Hides values of the environment and secrets in what was found.
    pub hide: &'a dyn Fn(&str) -> String,
}

impl Report<'_> {
    fn score(&self) -> Score {
        Score::of(self.outcomes)
    }

    /// What failed, a line each: what was expected, and what was found.
    fn failures(&self, outcome: &Outcome) -> Vec<String> {
        let one = |(what, expected, found): (&str, String, &str)| {
            format!("{what}: expected {}, found {}", secrets::hide_within(&expected), (self.hide)(found))
        };
        outcome.failures().map(one).collect()
    }

    /// The place of the directive that answered, in words.
    fn answered(&self, outcome: &Outcome) -> Option<String> {
        let (file, line) = (self.at)(outcome)?;
        Some(format!("answered by {file}:{line}"))
    }

    /// What is not decided, in one sentence; `None` if all is.
    fn open(&self, outcome: &Outcome) -> Option<String> {
        let open = outcome.open();
        let mut reasons: Vec<&str> = Vec::new();
        for (_, why) in &open {
            if !reasons.contains(why) {
                reasons.push(why);
            }
        }
        let one = |why: &str| {
            let mut what: Vec<&str> =
                open.iter().filter(|(_, one)| *one == why).map(|(what, _)| *what).collect();
            what.dedup();
            format!("{} ({})", what.join(", "), (self.hide)(why))
        };
        (!open.is_empty()).then(|| reasons.iter().map(|why| one(why)).collect::<Vec<_>>().join(", "))
    }

    /// The summary: `9 checks: 8 passed, 0 failed, 1 not decided offline`.
    fn summary(&self) -> String {
        let Score { passed, failed, undecided, open } = self.score();
        let count = self.outcomes.len();
        let plural = if count == 1 { "" } else { "s" };
        let mut text = format!(
            "{count} check{plural}: {passed} passed, {failed} failed, {undecided} not decided offline"
        );
        if open > 0 {
            let plural = if open == 1 { "expectation needs" } else { "expectations need" };
            text += &format!("; {open} {plural} the live site");
        }
        if !self.faults.is_empty() {
            text += &format!("; {} malformed", self.faults.len());
        }
        text
    }

    /// A malformed part in words.
    fn fault(&self, fault: &Fault) -> String {
        format!("{}:{}:{}: expected {}", self.file, fault.line, fault.column, fault.expected)
    }
}
