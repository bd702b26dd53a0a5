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
