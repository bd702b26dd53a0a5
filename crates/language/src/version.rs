//! Versions of Caddy: which are known, how a version is read, and what the programs make of each word.

mod change;
pub(crate) mod gone;
pub mod history;
pub(crate) mod instead;

use std::fmt;
use std::str::FromStr;

pub use change::Change;

/// A version of Caddy, such as `2.11.7`. Versions are ordered by age, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
}

impl Version {
    /// The newest version that is known.
    pub const NEWEST: Self = Self::new(2, 11, 9);

    /// The version that counts where none is named.
    pub const DEFAULT: Self = Self::NEWEST;

    /// The versions that are known, the oldest first: what a Caddyfile means there was measured on the real programs.
    pub const KNOWN: [Self; 12] = [
        Self::new(2, 6, 2),
        Self::new(2, 8, 4),
        Self::new(2, 9, 1),
        Self::new(2, 10, 0),
        Self::new(2, 10, 2),
        Self::new(2, 11, 1),
        Self::new(2, 11, 2),
        Self::new(2, 11, 3),
        Self::new(2, 11, 4),
        Self::new(2, 11, 7),
        Self::new(2, 11, 8),
        Self::NEWEST,
    ];

    /// The version of these three numbers, known or not.
    #[must_use]
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// Reads the name of a version of [`Version::KNOWN`].
    ///
    /// # Errors
    ///
    /// The text is no version, or one that is not known. A version is never read as the nearest one.
    pub fn known(text: &str) -> Result<Self, UnknownVersion> {
        text.parse().ok().filter(|version: &Self| version.is_known()).ok_or(UnknownVersion)
    }

    /// The known versions in one line, the oldest first.
    #[must_use]
    pub fn list() -> String {
        Self::KNOWN.map(|version| version.to_string()).join(", ")
    }

    /// Whether the version is one of [`Version::KNOWN`].
    #[must_use]
    pub fn is_known(self) -> bool {
        Self::KNOWN.contains(&self)
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The text names no version of [`Version::KNOWN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expected a version of Caddy that is known: {}", Version::list())
    }
}

impl std::error::Error for UnknownVersion {}

/// The text is no version: three numbers with dots between, with a `v` in front or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl fmt::Display for NoVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("expected three numbers, such as 2.11.7")
    }
}

impl std::error::Error for NoVersion {}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.');
        let mut number = || {
            let digits = numbers.next().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse().ok()).ok_or(NoVersion)
        };
        let version = Self::new(number()?, number()?, number()?);
        if numbers.next().is_some() { Err(NoVersion) } else { Ok(version) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        assert_eq!("v2.11.7".parse(), Ok(Version::new(2, 11, 7)));
        assert_eq!("2.10.0".parse::<Version>().map(|version| version.to_string()).as_deref(), Ok("2.10.0"));
        for text in ["", "2", "2.11", "2.11.x", "2.11.7.1", "+2.11.7", "2.11.7-beta.1", "2.11.99999"] {
            assert_eq!(text.parse::<Version>(), Err(NoVersion), "{text}");
        }
        assert!(Version::KNOWN.is_sorted());
        assert!(Version::new(2, 9, 1) < Version::new(2, 10, 0));
        assert!(!Version::new(2, 11, 5).is_known());
    }
}
