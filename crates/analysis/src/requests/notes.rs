//! What a run tells about itself: steps for people, and what could not be decided.

use super::program::Place;

/// One thing that happened, in order.
#[derive(Clone, Debug)]
pub enum Step {
    /// A route was tried.
    Route {
        /// Where it stands.
        place: Place,
        /// Whether its matchers hold.
        matched: bool,
        /// Why: the matcher that decided, in words.
        why: String,
        /// How deep it is nested.
        depth: usize,
    },
    /// A handler did something.
    Handler {
        /// Where it stands.
        place: Place,
        /// What it did, in words.
        what: String,
        /// How deep it is nested.
        depth: usize,
    },
    /// An error was raised.
    Raised {
        /// The error in words.
        what: String,
    },
}

/// What an open question can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Parts of the answer, such as its body: not which handler writes it.
    Content,
    /// Which upstream answers.
    Upstream,
    /// The whole answer.
    Answer,
}

/// What the model cannot know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// What it can change.
    pub about: About,
    /// What it is about, in words.
    pub what: String,
}

/// Steps and open questions of one run.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Whether steps are kept.
    pub(super) is_on: bool,
    pub(super) steps: Vec<Step>,
    /// The JSON pointers of the routes, matchers and handlers that were reached.
    pub(super) reached: Vec<String>,
    pub(super) undecided: Vec<Undecided>,
    pub(super) depth: usize,
}

impl Notes {
    /// Notes an open question once.
    pub(super) fn undecided(&mut self, about: About, what: impl Into<String>) {
        let what = Undecided { about, what: what.into() };
        if !self.undecided.contains(&what) {
            self.undecided.push(what);
        }
    }

    /// Notes what a handler did, if steps are kept.
    pub(super) fn did(&mut self, place: &Place, what: impl FnOnce() -> String) {
        if self.is_on {
            self.steps.push(Step::Handler { place: place.clone(), what: what(), depth: self.depth });
        }
    }
}
