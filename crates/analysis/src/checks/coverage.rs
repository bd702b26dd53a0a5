//! Which routes, matchers and handlers checks reach: by identity, which is the JSON pointer, and by place.

pub mod format;

use std::collections::HashSet;

use super::run::Outcome;
use crate::requests::{Part, PartKind, Program};

/// The parts of a configuration, and which of them checks reach.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Each part, and whether a check reaches it: a route takes a request, a matcher holds for a request that its route takes, a
    /// handler runs.
    pub parts: Vec<(Part, bool)>,
}

/// What the requests of `outcomes` reach.
pub fn of(program: &Program<'_>, outcomes: &[Outcome]) -> Coverage {
    let reached: HashSet<&str> =
        outcomes.iter().flat_map(|outcome| &outcome.answer.reached).map(String::as_str).collect();
    let parts = program.parts().into_iter();
    Coverage {
        parts: parts
            .map(|part| {
                let is_reached = reached.contains(part.place.pointer.as_str());
                (part, is_reached)
            })
            .collect(),
    }
}

impl Coverage {
    /// How many parts of a kind are reached, and how many there are.
    pub fn count(&self, kind: PartKind) -> (usize, usize) {
        let all = self.parts.iter().filter(|(part, _)| part.kind == kind);
        (all.clone().filter(|(_, is_reached)| *is_reached).count(), all.count())
    }

    /// The percentage of all parts that are reached; 100 without any.
    #[expect(clippy::cast_precision_loss, reason = "fewer parts than 2^52")]
    pub fn percent(&self) -> f64 {
        if self.parts.is_empty() {
            return 100.0;
        }
        let reached = self.parts.iter().filter(|(_, is_reached)| *is_reached).count();
        reached as f64 * 100.0 / self.parts.len() as f64
    }

    /// The parts that are not reached, without those in a route that is not reached either.
    pub fn missing(&self) -> Vec<&Part> {
        let missing: HashSet<&str> = self
            .parts
            .iter()
            .filter(|(part, is_reached)| !is_reached && part.kind == PartKind::Route)
            .map(|(part, _)| part.place.pointer.as_str())
            .collect();
        let is_outermost =
            |part: &Part| !part.within.iter().any(|pointer| missing.contains(pointer.as_str()));
        let all = self.parts.iter().filter(|(part, is_reached)| !is_reached && is_outermost(part));
        all.map(|(part, _)| part).collect()
    }
}
