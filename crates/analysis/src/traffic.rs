//! Requests of access logs, run through a configuration or through two: which of them are answered differently, and how often
//! the model gives the status that was logged. Memory does not grow with a log.

mod change;
pub mod format;
mod line;
mod sample;

use std::collections::BTreeMap;

pub use change::{Change, change};
pub use line::{Entry, LineError, Lines};

use sample::sample;

use crate::requests::{About, Answer, Facts, Place, Program};

/// The most groups of a report; what is beyond them is one group.
const MOST_GROUPS: usize = 500;

/// The most samples of a group.
const SAMPLES: usize = 3;

/// The requests of one kind of difference at one route.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// How many requests there are.
    pub count: u64,
    /// Some of them, without query values.
    pub samples: Vec<String>,
}

/// What identifies a group: the JSON pointer of the directive that answers, on the old and on the new side, and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The old side's directive.
    pub old: String,
    /// The new side's directive.
    pub new: String,
    /// What differs, in words.
    pub what: String,
}

/// What the requests of logs showed.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// How many requests were run.
    pub requests: u64,
    /// How many of them differ.
    pub different: u64,
    /// How many were not decided.
    pub undecided: u64,
    /// How many had headers that the log hides.
    pub redacted: u64,
    /// How many lines were no requests, such as other messages of a log.
    pub others: u64,
    /// How many lines were malformed.
    pub malformed: u64,
    /// Differences by route and kind.
    pub groups: BTreeMap<Key, Group>,
    /// Why requests were not decided, and how many.
    pub reasons: BTreeMap<String, u64>,
}

impl Traffic {
    /// Runs a request through both configurations.
    pub fn compare(
        &mut self,
        entry: &Entry,
        old: (&Program<'_>, &dyn Facts),
        new: (&Program<'_>, &dyn Facts),
        shows_secrets: bool,
    ) {
        self.count(entry);
        let before = old.0.trace(&entry.request, old.1, false);
        let after = new.0.trace(&entry.request, new.1, false);
        match change(&before, &after) {
            Change::Same => {}
            Change::Undecided(why) => self.open(why),
            Change::Different(what) => {
                let place = |answer: &Answer| pointer(answer.place.as_ref());
                let key = Key { old: place(&before), new: place(&after), what };
                self.differs(key, entry, shows_secrets);
            }
        }
    }

    /// Runs a request, and compares the status with the one that was logged.
    pub fn measure(&mut self, entry: &Entry, program: &Program<'_>, facts: &dyn Facts, shows_secrets: bool) {
        self.count(entry);
        let answer = program.trace(&entry.request, facts, false);
        let Some(logged) = entry.status else { return self.open("the log has no status".to_owned()) };
        if let Some(why) = undecided(&answer, true) {
            return self.open(why);
        }
        if answer.status != logged {
            let key = Key {
                new: pointer(answer.place.as_ref()),
                what: format!("status {logged} was logged, the model has {}", answer.status),
                ..Key::default()
            };
            self.differs(key, entry, shows_secrets);
        }
    }

    fn count(&mut self, entry: &Entry) {
        self.requests += 1;
        self.redacted += u64::from(entry.is_redacted);
    }

    fn open(&mut self, why: String) {
        self.undecided += 1;
        let why = if self.reasons.len() < MOST_GROUPS { why } else { "other reasons".to_owned() };
        *self.reasons.entry(why).or_default() += 1;
    }

    fn differs(&mut self, key: Key, entry: &Entry, shows_secrets: bool) {
        self.different += 1;
        let is_known = self.groups.contains_key(&key) || self.groups.len() < MOST_GROUPS;
        let key = if is_known { key } else { Key { what: "other differences".to_owned(), ..Key::default() } };
        let group = self.groups.entry(key).or_default();
        group.count += 1;
        if group.samples.len() < SAMPLES {
            let sample = sample(&entry.request, shows_secrets);
            if !group.samples.contains(&sample) {
                group.samples.push(sample);
            }
        }
    }
}

fn pointer(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| place.pointer.clone())
}

/// Why an answer is not known; `needs_status` says that an upstream's status counts.
fn undecided(answer: &Answer, needs_status: bool) -> Option<String> {
    if let Some(what) = &answer.unknown {
        return Some(what.clone());
    }
    if let Some(open) = answer.undecided.iter().find(|open| open.about == About::Answer) {
        return Some(open.what.clone());
    }
    if !needs_status {
        return None;
    }
    let visit = answer.visits.first()?;
    Some(format!("the upstream {} decides", visit.address))
}
