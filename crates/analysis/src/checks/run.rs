//! Runs the checks of a file through the model.

use super::case::Case;
use super::judge::{Judged, Verdict, judge};
use super::{Checks, WithFacts};
use crate::requests::{Answer, Facts, Program};

/// What came of one check.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check.
    pub case: Case,
    /// Each expectation, and what was found.
    pub judged: Vec<Judged>,
    /// The answer.
    pub answer: Answer,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// All that can be decided offline is as expected.
    Passed,
    /// Something is not as expected.
    Failed,
    /// Nothing can be decided offline.
    Undecided,
}

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Checks that passed.
    pub passed: usize,
    /// Checks that failed.
    pub failed: usize,
    /// Checks of which nothing was decided.
    pub undecided: usize,
    /// Expectations that were not decided, those of checks that passed among them.
    pub open: usize,
}

/// Runs all cases. `facts` are those of the machine; the file's come before them.
pub fn run(cases: &[Case], checks: &Checks, program: &Program<'_>, facts: &dyn Facts) -> Vec<Outcome> {
    let facts = WithFacts::new(&checks.facts, facts);
    let one = |case: &Case| {
        let mut request = case.request.clone();
        if checks.address.is_none() {
            request.to = program.listener(&request.to, program.port(&request));
        }
        let answer = program.trace(&request, &facts, true);
        let judged = judge(case, &answer, checks, &facts);
        Outcome { case: case.clone(), judged, answer }
    };
    cases.iter().map(one).collect()
}

impl Outcome {
    /// How it ended.
    pub fn state(&self) -> State {
        let is = |found: fn(&Verdict) -> bool| self.judged.iter().any(|judged| found(&judged.verdict));
        if is(|verdict| matches!(verdict, Verdict::Failed(_))) {
            State::Failed
        } else if is(|verdict| matches!(verdict, Verdict::Passed)) {
            State::Passed
        } else {
            State::Undecided
        }
    }

    /// What was not decided: each thing once, with the reason.
    pub fn open(&self) -> Vec<(&'static str, &str)> {
        let mut all = Vec::new();
        for judged in &self.judged {
            if let Verdict::Undecided(why) = &judged.verdict {
                let open = (judged.expected.what(), why.as_str());
                if !all.contains(&open) {
                    all.push(open);
                }
            }
        }
        all
    }

    /// What failed: what was looked at, what was expected, and what was found.
    pub fn failures(&self) -> impl Iterator<Item = (&'static str, String, &str)> {
        self.judged.iter().filter_map(|judged| match &judged.verdict {
            Verdict::Failed(found) => Some((judged.expected.what(), judged.expected.words(), found.as_str())),
            _ => None,
        })
    }

    /// What failed, in one sentence each.
    pub fn sentence(&self) -> String {
        let one = |(what, expected, found)| format!("{what}: expected {expected}, found {found}");
        self.failures().map(one).collect::<Vec<_>>().join("; ")
    }
}

impl Score {
    /// The score of outcomes.
    pub fn of(outcomes: &[Outcome]) -> Self {
        let count = |state| outcomes.iter().filter(|outcome| outcome.state() == state).count();
        let judged = outcomes.iter().flat_map(|outcome| &outcome.judged);
        Self {
            passed: count(State::Passed),
            failed: count(State::Failed),
            undecided: count(State::Undecided),
            open: judged.filter(|judged| matches!(judged.verdict, Verdict::Undecided(_))).count(),
        }
    }
}
