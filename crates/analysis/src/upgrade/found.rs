//! The changes that concern a configuration.

use caddyctl_language::Version;

use super::change::Change;
use super::changes;
use crate::advisories::{Place, Subject};

/// A change that concerns a configuration.
#[derive(Debug)]
pub struct Found {
    /// The change.
    pub change: &'static Change,
    /// Whether the upgrade takes the new behaviour away again, or is none but a downgrade.
    pub is_reversed: bool,
    /// The places that it concerns.
    pub places: Vec<Place>,
}

impl Found {
    /// What the server does before and after.
    pub fn behaviour(&self) -> (&'static str, &'static str) {
        let (old, new) = (self.change.old, self.change.new);
        if self.is_reversed { (new, old) } else { (old, new) }
    }
}

/// The changes between two versions that concern a configuration. What changes on the way and is back at the end is none.
pub fn between(subject: &Subject, from: Version, to: Version) -> Vec<Found> {
    let mut out = Vec::new();
    for change in changes::all().filter(|change| change.is_in(from) != change.is_in(to)) {
        let mut places = Vec::new();
        (change.check)(subject, &mut places);
        if places.is_empty() {
            continue;
        }
        let mut seen = std::collections::HashSet::new();
        places.retain(|place| match place.span {
            Some(span) => seen.insert((Some(span), None)),
            None => seen.insert((None, place.pointer.clone())),
        });
        out.push(Found { change, is_reversed: change.is_in(from), places });
    }
    out
}
