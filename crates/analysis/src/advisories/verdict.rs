//! Whether an advisory concerns a configuration, and why.

use caddyctl_language::Version;
use serde::Serialize;

use super::advisory::{Advisory, Check, Repaired};
use super::list;
use super::place::{Edit, Place};
use super::subject::Subject;

/// Whether an advisory concerns a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// The configuration has all that it needs.
    Yes,
    /// It has what the configuration decides; another fact decides, too.
    Possible,
    /// It lacks something, or the version does not have it.
    No,
}

/// An advisory, judged for a configuration.
#[derive(Debug)]
pub struct Verdict {
    /// The advisory.
    pub advisory: &'static Advisory,
    /// Whether it concerns the configuration.
    pub concern: Concern,
    /// Why, in a sentence.
    pub why: String,
    /// The remedy as edits of the Caddyfile, all of which belong together; empty if it is not written as edits.
    pub edits: Vec<Edit>,
    /// What makes it concerned. Empty if it is not, or if the whole configuration is.
    pub places: Vec<Place>,
}

/// All advisories, judged for a configuration that a server of this version runs, or any version that has the advisory. The
/// server's own program compiles the Caddyfile.
pub fn of(subject: &Subject, version: Option<Version>) -> Vec<Verdict> {
    list::all().map(|advisory| judge(advisory, subject, version)).collect()
}

fn judge(advisory: &'static Advisory, subject: &Subject, version: Option<Version>) -> Verdict {
    let not =
        |why: String| Verdict { advisory, concern: Concern::No, why, edits: Vec::new(), places: Vec::new() };
    if let Some(version) = version.filter(|version| !advisory.is_in(*version)) {
        return not(match advisory.fixed_in {
            Some(fixed) if version >= fixed => format!("Caddy {fixed} repaired it"),
            _ => format!("Caddy {version} does not have it; it concerns {}", advisory.versions()),
        });
    }
    let mut places = Vec::new();
    match advisory.check {
        Check::Version => {
            let has = advisory.versions();
            let Some(version) = version else {
                return not(format!("only the version decides: it concerns {has}; name yours with --for"));
            };
            let why = format!("it concerns all configurations on Caddy {version}");
            return Verdict { advisory, concern: Concern::Yes, why, edits: Vec::new(), places };
        }
        Check::Configuration(check) => check(subject, &mut places),
    }
    if places.is_empty() {
        return not(advisory.absent.to_owned());
    }
    let mut seen = std::collections::HashSet::new();
    // What one directive makes for several sites is one place.
    places.retain(|place| match place.span {
        Some(span) => seen.insert((Some(span), None)),
        None => seen.insert((None, place.pointer.clone())),
    });
    let has = match version {
        Some(version) => format!("Caddy {version} has it"),
        None => format!("it concerns {}", advisory.versions()),
    };
    let compiled = match advisory.repaired {
        Repaired::Adapter if subject.is_compiled() => ", if the server's own program compiles the file",
        _ => "",
    };
    let (concern, why) = match advisory.second_fact {
        Some(fact) => (Concern::Possible, format!("{has}; another fact decides, too: {fact}")),
        None => (Concern::Yes, format!("{has}{compiled}")),
    };
    let edits = advisory.edits.map(|edits| edits(subject)).unwrap_or_default();
    Verdict { advisory, concern, why, edits, places }
}
