//! An advisory as data.

use caddyctl_language::Version;

use super::place::{Edit, Place};
use super::subject::Subject;

/// Where an advisory was repaired, which decides what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repaired {
    /// In the adapter: JSON that a repaired version compiled is safe on older servers.
    Adapter,
    /// In the server: the same JSON is safe or not by the version of the server.
    Server,
    /// In the server, and no Caddyfile makes the JSON that it needs.
    JsonOnly,
}

/// One advisory.
#[derive(Debug)]
pub struct Advisory {
    /// Its CVE number; without one its GHSA number, or a name in words.
    pub id: &'static str,
    /// Its other numbers.
    pub aliases: &'static [&'static str],
    /// What goes wrong, in one line.
    pub title: &'static str,
    /// Where it was repaired.
    pub repaired: Repaired,
    /// The oldest version that has it; `None` if all old ones do.
    pub first: Option<Version>,
    /// The first version that no longer has it; `None` if none is known.
    pub fixed_in: Option<Version>,
    /// A fact that the configuration does not have, which also decides. With it, the advisory concerns a file only possibly.
    pub second_fact: Option<&'static str>,
    /// Why a file that lacks what `check` looks for is not concerned.
    pub absent: &'static str,
    /// A request that shows it, with the old and the new response.
    pub witness: &'static str,
    /// What helps on an old version.
    pub remedy: &'static str,
    /// The date of these facts.
    pub dated: &'static str,
    /// The remedy as edits of a Caddyfile, where it is one.
    pub(crate) edits: Option<fn(&Subject) -> Vec<Edit>>,
    /// What it needs of a configuration.
    pub(crate) check: Check,
}

/// What an advisory needs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    /// Nothing but the version of the server.
    Version,
    /// These parts of the configuration. None means that it is not concerned.
    Configuration(fn(&Subject, &mut Vec<Place>)),
}

impl Advisory {
    /// Whether this version of Caddy has it.
    pub fn is_in(&self, version: Version) -> bool {
        self.first.is_none_or(|first| first <= version) && self.fixed_in.is_none_or(|fixed| version < fixed)
    }

    /// Which versions have it, such as `Caddy 2.9.1 to 2.11.1`.
    pub fn versions(&self) -> String {
        let last = |fixed: Version| Version::KNOWN.iter().rev().find(|known| **known < fixed).copied();
        match (self.first, self.fixed_in) {
            (None, None) => "all versions of Caddy".to_owned(),
            (Some(first), None) => format!("Caddy {first} and newer"),
            (None, Some(fixed)) => format!("Caddy before {fixed}"),
            (Some(first), Some(fixed)) => match last(fixed) {
                Some(last) if last == first => format!("Caddy {first}"),
                Some(last) if last > first => format!("Caddy {first} to {last}"),
                _ => format!("Caddy from {first} to before {fixed}"),
            },
        }
    }

    /// Whether only the version of the server decides.
    pub fn is_about_version(&self) -> bool {
        matches!(self.check, Check::Version)
    }
}
