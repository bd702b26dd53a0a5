//! `caddyctl.toml`: the settings of a project. The file may come with a checkout, so an error quotes nothing of it.

use caddyctl_language::Version;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer};

use crate::lint::settings as lint;
use caddyctl_language::source::toml::{self, Malformed};

/// What a `caddyctl.toml` sets.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Settings {
    /// Which lint rules apply.
    pub lint: lint::Settings,
    /// Which files of a folder are Caddyfiles.
    pub files: Files,
    /// Which Caddy runs the files.
    pub caddy: Caddy,
}

/// The Caddy that runs the files: its version, and what it has beyond the stock build.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Caddy {
    /// The Go packages that it is built with, as `xcaddy build --with` takes them.
    pub plugins: Vec<String>,
    /// Definition files of further plugins, relative to the folder of the settings.
    pub definitions: Vec<String>,
    /// The version whose reading counts; `None` if none is named.
    #[serde(deserialize_with = "known_version")]
    pub version: Option<Version>,
}

/// A version that is known. It is not read as the nearest one.
fn known_version<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Version>, D::Error> {
    let text = String::deserialize(from)?;
    Version::known(&text).map(Some).map_err(|_| {
        let expected = format!("a version of Caddy that is known: {}", Version::list());
        D::Error::invalid_value(Unexpected::Str(&text), &expected.as_str())
    })
}

/// Which files a folder stands for. The patterns are those of gitignore(5), from the folder of the settings.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Files {
    /// Further files that are Caddyfiles, whatever their names.
    pub include: Vec<String>,
    /// Files and folders that are skipped.
    pub exclude: Vec<String>,
}

impl Settings {
    /// Reads a `caddyctl.toml`.
    ///
    /// # Errors
    ///
    /// It is not TOML, has keys or values that do not exist, or names an unknown rule.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let settings: Self = toml::parse(text)?;
        settings.lint.check().map_err(|unusable| Malformed {
            position: text.find(unusable.given()).map(|at| toml::position(text, at)),
            expected: Some(
                match unusable {
                    lint::Unusable::Rule(_) => "the code of a rule, the beginning of one, or a rule's name",
                    lint::Unusable::Error(_) => "a code that is not always an error",
                }
                .to_owned(),
            ),
        })?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_not() {
        for text in
            ["[lint]\nselect = [\"Q\"]", "[lint]\nselect = [\"\"]", "[lint]\nseverity = 1", "[lint]\nx = 1"]
        {
            assert!(Settings::parse(text).is_err(), "{text}");
        }
        assert!(Settings::parse("[lnt]\nselect = []").is_err());
        assert_eq!(Settings::parse("").unwrap(), Settings::default());
    }

    #[test]
    fn faults_name_a_place_and_quote_nothing() {
        for (text, expected) in [
            ("root:SECRET:1", "line 1, column 14: expected `=`"),
            ("[lint]\nSECRET = []", "line 2, column 1: expected one of `preset`, `select`, `ignore`, "),
            ("[lint]\nignore = [\"S\", \"SECRET\"]", "line 2, column 17: expected the code of a rule"),
            (
                "[lint.severity]\nS = \"SECRET\"",
                "line 2, column 5: expected one of `error`, `warning`, `note`, `off`",
            ),
            ("[lint.per-path]\nSECRET = [\"SECRET\"]", "expected the code of a rule"),
            ("lint = \"SECRET\"", "line 1, column 8: expected struct Settings"),
            ("[SECRET]", "line 1, column 2: expected one of `lint`, `files`, `caddy`"),
            ("[caddy]\nSECRET = []", "line 2, column 1: expected one of `plugins`, `definitions`, `version`"),
            (
                "[caddy]\nversion = \"2.11.6\"",
                "line 2, column 11: expected a version of Caddy that is known: 2.6.2, 2.8.4, ",
            ),
            ("[files]\nSECRET = []", "line 2, column 1: expected `include` or `exclude`"),
        ] {
            let fault = Settings::parse(text).unwrap_err().to_string();
            assert!(fault.contains(expected) && !fault.contains("SECRET"), "{text:?}: {fault}");
        }
    }
}
