//! A change of the server as data.

use caddyctl_language::Version;

use crate::advisories::{Place, Subject};

/// Something that the server does in another way from some version on, though the JSON is the same.
#[derive(Debug)]
pub struct Change {
    /// Its name, for programs.
    pub name: &'static str,
    /// What it is about, in one line.
    pub title: &'static str,
    /// The first known version with the new behaviour.
    pub since: Version,
    /// The first version that no longer has it; `None` if all newer ones do.
    pub until: Option<Version>,
    /// What the server did before.
    pub old: &'static str,
    /// What it does now.
    pub new: &'static str,
    /// What to write; empty if nothing is to be done.
    pub remedy: &'static str,
    /// A fact that the configuration does not have, which also decides.
    pub second_fact: Option<&'static str>,
    /// Whether it was seen on the real programs, rather than read in the source.
    pub is_seen: bool,
    /// The places that it concerns.
    pub(crate) check: fn(&Subject, &mut Vec<Place>),
}

impl Change {
    /// Whether a version has the new behaviour.
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && self.until.is_none_or(|until| version < until)
    }
}

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
    for change in super::changes::all().filter(|change| change.is_in(from) != change.is_in(to)) {
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
