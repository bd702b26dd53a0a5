//! What an upgrade changes, put together.

use caddyctl_language::Version;
use caddyctl_language::diagnostics::Diagnostic;
use caddyctl_language::source::Sources;

use super::found::{Found, between};
use crate::advisories::{self, Advisory, Concern, Subject};
use crate::diff::{self, Show, Side, Verdict, compare};

/// What a version makes of a file.
pub enum Read {
    /// It accepts it.
    Accepted(Box<Side>),
    /// It refuses it, or what it makes of it is not known.
    Refused(Sources, Vec<Diagnostic>),
}

impl Read {
    fn side(&self) -> Option<&Side> {
        match self {
            Self::Accepted(side) => Some(side),
            Self::Refused(..) => None,
        }
    }
}

/// What another version changes for a file.
pub struct Report<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// The version before.
    pub from: Version,
    /// The version after.
    pub to: Version,
    /// What either makes of the file.
    pub(crate) read: [&'a Read; 2],
    /// What changes in the JSON; `None` unless both accept the file.
    pub json: Option<diff::Report>,
    /// What changes in the server.
    pub changes: Vec<Found>,
    /// Words that newer versions replace, with edits.
    pub(crate) deprecated: &'a [Diagnostic],
    /// Advisories that concern the file before, and not after.
    pub gone: Vec<(&'static Advisory, Concern)>,
    /// Advisories that concern the file after, and not before.
    pub new: Vec<(&'static Advisory, Concern)>,
}

impl<'a> Report<'a> {
    /// What it means for the file `name` that `to` runs it in place of `from`. `deprecated` is what the lint rules find in it.
    pub fn new(
        name: &'a str,
        (from, before): (Version, &'a Read),
        (to, after): (Version, &'a Read),
        deprecated: &'a [Diagnostic],
    ) -> Self {
        let json = before.side().zip(after.side()).map(|(old, new)| compare(old, new, Show::default()));
        let concerned = |side: Option<&Side>, version| {
            let Some(side) = side else { return Vec::new() };
            let config = side.whole();
            let verdicts = advisories::of(&Subject::of_side(side, &config), Some(version));
            let concerned = verdicts.into_iter().filter(|verdict| verdict.concern != Concern::No);
            concerned.map(|verdict| (verdict.advisory, verdict.concern)).collect()
        };
        // A side that one of them refuses is judged by what the other makes of the file.
        let old = concerned(before.side().or(after.side()), from);
        let new: Vec<(&Advisory, Concern)> = concerned(after.side().or(before.side()), to);
        let lacks =
            |list: &[(&Advisory, Concern)], id: &str| list.iter().all(|(advisory, _)| advisory.id != id);
        let changes = after.side().or(before.side()).map(|side| {
            let config = side.whole();
            between(&Subject::of_side(side, &config), from, to)
        });
        Self {
            name,
            from,
            to,
            read: [before, after],
            json,
            changes: changes.unwrap_or_default(),
            deprecated,
            gone: old.iter().filter(|(advisory, _)| lacks(&new, advisory.id)).copied().collect(),
            new: new.iter().filter(|(advisory, _)| lacks(&old, advisory.id)).copied().collect(),
        }
    }

    /// Whether something changes, or a version refuses the file.
    pub fn has_changes(&self) -> bool {
        !self.changes.is_empty() || self.json.as_ref().is_none_or(|json| json.verdict != Verdict::Same)
    }

    /// The side that places of changes are in.
    pub(crate) fn side(&self) -> Option<&'a Side> {
        self.read[1].side().or(self.read[0].side())
    }

    /// The versions that refuse the file, with their errors.
    pub(crate) fn refusals(&self) -> impl Iterator<Item = (Version, &'a Sources, Vec<&'a Diagnostic>)> {
        [self.from, self.to].into_iter().zip(self.read).filter_map(|(version, read)| match read {
            Read::Refused(sources, found) => {
                Some((version, sources, found.iter().filter(|found| found.is_error()).collect()))
            }
            Read::Accepted(_) => None,
        })
    }
}
