//! Whether an answer of the model is what a check expects.

use caddyctl_language::go::canonical_header;

use super::case::{Case, Expected};
use super::url::plain;
use super::{Checks, Upstream};
use crate::requests::{About, Answer, Facts, NoAnswer};

/// One expectation, and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What was expected.
    pub expected: Expected,
    /// What was found.
    pub verdict: Verdict,
}

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Passed,
    /// It is not so: what was found instead.
    Failed(String),
    /// Only the live site can decide: why.
    Undecided(String),
}

/// An answer with what is known of it.
struct Known<'a> {
    answer: &'a Answer,
    checks: &'a Checks,
    case: &'a Case,
    facts: &'a dyn Facts,
}

/// Judges all expectations of a case.
pub(super) fn judge(case: &Case, answer: &Answer, checks: &Checks, facts: &dyn Facts) -> Vec<Judged> {
    let known = Known { answer, checks, case, facts };
    let one = |expected: &Expected| Judged { expected: expected.clone(), verdict: known.verdict(expected) };
    case.expected.iter().map(one).collect()
}

impl Known<'_> {
    fn verdict(&self, expected: &Expected) -> Verdict {
        if let Some(what) = &self.answer.unknown {
            return Verdict::Undecided(what.clone());
        }
        if let Some(open) = self.open(About::Answer) {
            return Verdict::Undecided(open);
        }
        if *expected == Expected::Closed {
            return match self.answer.none {
                Some(NoAnswer::Aborted) => Verdict::Passed,
                Some(_) => Verdict::Failed(self.found()),
                None => self.unless_asked(Verdict::Failed(self.found())),
            };
        }
        if self.answer.none.is_some() {
            return self.unless_asked(Verdict::Failed(self.found()));
        }
        let verdict = match expected {
            Expected::Status(_) | Expected::Success | Expected::Upgrade => self.status(expected),
            Expected::Redirect(to) => self.redirect(to),
            Expected::Header(name, text) => self.header(name, text),
            Expected::Contains(text) => self.body(text),
            Expected::Upstream(address) => self.upstream(address),
            Expected::Target(target) => self.target(target),
            Expected::File(path) => self.file(path),
            Expected::Echo => match self.address() {
                Some(address) => Verdict::Undecided(format!("{address} must send the text back")),
                None => Verdict::Failed(self.found()),
            },
            Expected::Closed => Verdict::Passed,
        };
        self.unless_asked(verdict)
    }

    /// A failure, unless an upstream that was asked before may have led elsewhere.
    fn unless_asked(&self, verdict: Verdict) -> Verdict {
        if !matches!(verdict, Verdict::Failed(_)) {
            return verdict;
        }
        let visits = self.answer.visits.iter().enumerate();
        let mut others = visits.filter(|(number, visit)| {
            Some(*number) != self.answer.answered_by && !visit.refused && self.given(&visit.address).is_none()
        });
        match others.next() {
            Some((_, visit)) => Verdict::Undecided(format!("the answer of {} decides", visit.address)),
            None => verdict,
        }
    }

    fn open(&self, about: About) -> Option<String> {
        self.answer.undecided.iter().find(|open| open.about == about).map(|open| open.what.clone())
    }

    /// The upstream that answers.
    fn address(&self) -> Option<&str> {
        let number = self.answer.answered_by?;
        self.answer.visits.get(number).map(|visit| visit.address.as_str())
    }

    /// What the file says that this upstream answers.
    fn given(&self, address: &str) -> Option<&Upstream> {
        self.checks.upstream.iter().find(|upstream| upstream.address == address)
    }

    /// Why an upstream's answer is not known; `None` if Caddy answers, or the file says what the upstream answers.
    fn unknown(&self) -> Option<String> {
        let address = self.address()?;
        if let Some(open) = self.open(About::Upstream) {
            return Some(open);
        }
        self.given(address).is_none().then(|| format!("the upstream {address} decides"))
    }

    fn status(&self, expected: &Expected) -> Verdict {
        let status = self.answer.status;
        if self.case.is_websocket && self.address().is_some_and(|address| self.given(address).is_none()) {
            // The upgrade is assumed.
            let takes = match expected {
                Expected::Status(all) => all.contains(&101),
                _ => true,
            };
            return if takes { Verdict::Passed } else { self.undecided() };
        }
        if self.unknown().is_some() {
            return self.undecided();
        }
        let fits = match expected {
            Expected::Status(all) => all.iter().any(|one| i64::from(*one) == status),
            Expected::Upgrade => status == 101,
            _ => status < 400,
        };
        if fits { Verdict::Passed } else { Verdict::Failed(self.found()) }
    }

    fn undecided(&self) -> Verdict {
        Verdict::Undecided(self.unknown().unwrap_or_default())
    }

    fn redirect(&self, to: &str) -> Verdict {
        if self.unknown().is_some() && self.answer.location().is_none() {
            return self.undecided();
        }
        match self.answer.location() {
            Some(found) if found == to => Verdict::Passed,
            Some(_) if self.unknown().is_some() => self.undecided(),
            Some(found) => Verdict::Failed(format!("`{found}`")),
            None => Verdict::Failed(format!("no redirect: {}", self.found())),
        }
    }

    fn header(&self, name: &str, text: &str) -> Verdict {
        let values = self.answer.headers.values(&canonical_header(name));
        let found = values.map(|values| values.join(", "));
        let is_of_upstream = |name: &str| {
            ["Content-Type", "Content-Length", "Content-Encoding"]
                .iter()
                .any(|one| one.eq_ignore_ascii_case(name))
        };
        let fits = found.as_ref().is_some_and(|found| found.contains(text));
        match self.unknown() {
            Some(_) if !fits || is_of_upstream(name) => self.undecided(),
            _ if fits => Verdict::Passed,
            _ => Verdict::Failed(
                found.map_or_else(|| format!("no header {name}"), |found| format!("`{found}`")),
            ),
        }
    }

    fn body(&self, text: &str) -> Verdict {
        let given = self.address().and_then(|address| self.given(address));
        let of_upstream = given.and_then(|upstream| upstream.body.as_ref());
        let Some(body) = self.answer.body.as_ref().or(of_upstream) else {
            let why = self.unknown().or_else(|| self.open(About::Content));
            return Verdict::Undecided(why.unwrap_or_else(|| "the body is not computed".to_owned()));
        };
        if body.contains(text) {
            return Verdict::Passed;
        }
        let size = body.len();
        let plural = if size == 1 { "" } else { "s" };
        Verdict::Failed(format!("a body of {size} byte{plural} without it"))
    }

    fn upstream(&self, wanted: &str) -> Verdict {
        let Some(address) = self.address() else { return Verdict::Failed(self.found()) };
        if let Some(open) = self.open(About::Upstream) {
            return Verdict::Undecided(open);
        }
        if plain(address) == plain(wanted) { Verdict::Passed } else { Verdict::Failed(address.to_owned()) }
    }

    fn target(&self, wanted: &str) -> Verdict {
        let visit = self.answer.answered_by.and_then(|number| self.answer.visits.get(number));
        match visit {
            Some(visit) if visit.target == wanted => Verdict::Passed,
            Some(visit) => Verdict::Failed(visit.target.clone()),
            None => Verdict::Failed(self.found()),
        }
    }

    fn file(&self, wanted: &str) -> Verdict {
        let Some(file) = &self.answer.file else {
            return Verdict::Failed(self.found());
        };
        let whole = if wanted.starts_with('/') {
            wanted.to_owned()
        } else {
            format!("{}/{wanted}", self.facts.working_directory())
        };
        if *file == crate::requests::clean(&whole) { Verdict::Passed } else { Verdict::Failed(file.clone()) }
    }

    /// The answer in words.
    fn found(&self) -> String {
        found(self.answer)
    }
}

/// An answer in a few words: the status and who gave it.
pub(super) fn found(answer: &Answer) -> String {
    match answer.none {
        Some(NoAnswer::Refused) => return "nothing listens there".to_owned(),
        Some(NoAnswer::Handshake) => return "the TLS handshake fails".to_owned(),
        Some(NoAnswer::Aborted) => return "a closed connection".to_owned(),
        None => {}
    }
    let visit = answer.answered_by.and_then(|number| answer.visits.get(number));
    match (visit, answer.location(), &answer.file) {
        (Some(visit), ..) => format!("the answer of {}", visit.address),
        (None, Some(to), _) if (300..400).contains(&answer.status) => format!("{} {to}", answer.status),
        (None, _, Some(file)) => format!("{} with the file {file}", answer.status),
        (None, ..) => format!("{} from Caddy", answer.status),
    }
}
