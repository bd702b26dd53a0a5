//! The text of a file of checks.

use serde::Deserialize;

use super::case::Case;
use super::{Checks, routes};
use caddyctl_language::source::{Position, secrets, toml};

/// The most checks of a file: the live run has a thread for each.
const MOST: usize = 500;

/// The most parts of a file that are left out because they are malformed.
const MOST_FAULTS: usize = 100;

/// Checks that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// The file is not as it should be.
    #[error("the checks are invalid: {0}")]
    Toml(#[from] toml::Malformed),
    /// A check that contradicts itself.
    #[error("the check `{name}` cannot run: {what}")]
    Check {
        /// What it is called: its name, or its method and URL without passwords and tokens.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// There are too many.
    #[error("more than {MOST} checks")]
    Many,
}

/// A malformed part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What was expected there.
    pub expected: String,
}

/// A file of checks, without its malformed parts.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What can be run.
    pub cases: Vec<Case>,
    /// What is malformed.
    pub faults: Vec<Fault>,
    /// The file.
    pub checks: Checks,
}

/// The parts of a file by their places.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    check: Vec<::toml::Spanned<serde::de::IgnoredAny>>,
    #[serde(default)]
    upstream: Vec<::toml::Spanned<serde::de::IgnoredAny>>,
    facts: Option<::toml::Spanned<serde::de::IgnoredAny>>,
    routes: Option<::toml::Spanned<serde::de::IgnoredAny>>,
}

/// Understands the text of a `checks.toml`.
///
/// # Errors
///
/// The first part that is not as it should be.
pub fn parse(text: &str) -> Result<Checks, Invalid> {
    let checks = placed(text)?;
    if checks.check.len() > MOST {
        return Err(Invalid::Many);
    }
    for check in &checks.check {
        check
            .sound()
            .map_err(|what| Invalid::Check { name: check.shown(), what: secrets::hide_within(&what) })?;
    }
    if let Some(fault) = routes::read(&checks).into_iter().find_map(Result::err) {
        return Err(fault.malformed().into());
    }
    Ok(checks)
}

/// The cases of a file that [`parse`] understood.
pub fn cases(checks: &Checks) -> Vec<Case> {
    let routes = routes::read(checks).into_iter().filter_map(Result::ok);
    let checks = checks.check.iter().filter_map(|check| Case::of_check(check, checks).ok());
    routes.chain(checks).collect()
}

/// Reads a file whose malformed checks, answers and lines are left out and named.
///
/// # Errors
///
/// A text that is not TOML, or that has something malformed outside of these parts.
pub fn read(text: &str) -> Result<Read, Invalid> {
    let mut kept = text.to_owned();
    let mut faults = Vec::new();
    let checks = loop {
        match placed(&kept) {
            Ok(checks) => break checks,
            Err(error) if faults.len() >= MOST_FAULTS => return Err(error.into()),
            Err(error) => {
                let part = part_of(&kept, &error);
                let Some((start, end)) = part else { return Err(error.into()) };
                faults.push(Fault::of(&error));
                blank(&mut kept, start, end);
            }
        }
    };
    if checks.check.len() > MOST {
        return Err(Invalid::Many);
    }
    let mut cases = Vec::new();
    for one in routes::read(&checks) {
        match one {
            Ok(case) => cases.push(case),
            Err(fault) => faults.push(fault),
        }
    }
    for check in &checks.check {
        let case = check.sound().and_then(|()| Case::of_check(check, &checks));
        match case {
            Ok(case) => cases.push(case),
            Err(what) => faults.push(Fault {
                line: check.line,
                column: 1,
                expected: format!("a check that can run: {}", secrets::hide_within(&what)),
            }),
        }
    }
    faults.sort_by_key(|fault| (fault.line, fault.column));
    Ok(Read { cases, faults, checks })
}

/// The file, with the lines of its parts.
fn placed(text: &str) -> Result<Checks, toml::Malformed> {
    let mut checks: Checks = toml::parse(text)?;
    let places: Places = toml::parse(text)?;
    let line = |start: usize| toml::position(text, start).line;
    for (check, place) in checks.check.iter_mut().zip(&places.check) {
        check.line = line(place.span().start);
    }
    if let Some(routes) = places.routes {
        let span = routes.span();
        // A line break right after the opening quotes is not part of the text.
        let quotes = text.get(span.clone()).unwrap_or_default().trim_start_matches(['"', '\'']);
        checks.routes_line = line(span.start) + usize::from(quotes.starts_with(['\n', '\r']));
    }
    Ok(checks)
}

/// The start and end of the check, the assumed answer or the facts in which an error is.
fn part_of(text: &str, error: &toml::Malformed) -> Option<(usize, usize)> {
    let at = error.position?;
    let places: Places = toml::parse(text).ok()?;
    let parts = places.check.iter().chain(&places.upstream).chain(&places.facts);
    let mut starts: Vec<usize> = parts.map(|part| part.span().start).collect();
    starts.sort_unstable();
    let place = |start: usize| {
        let Position { line, column } = toml::position(text, start);
        (line, column)
    };
    let number = starts.iter().rposition(|start| place(*start) <= (at.line, at.column))?;
    let end = starts.get(number + 1).copied().unwrap_or(text.len());
    Some((starts[number], end))
}

/// Replaces a part of a text with spaces; the lines stay.
fn blank(text: &mut String, start: usize, end: usize) {
    let part: String = text[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    text.replace_range(start..end, &part);
}

impl Fault {
    fn of(error: &toml::Malformed) -> Self {
        let Position { line, column } = error.position.unwrap_or(Position { line: 1, column: 1 });
        let expected = error.expected.clone().unwrap_or_else(|| "valid TOML".to_owned());
        Self { line, column, expected }
    }

    fn malformed(&self) -> toml::Malformed {
        toml::Malformed {
            position: Some(Position { line: self.line, column: self.column }),
            expected: Some(self.expected.clone()),
        }
    }
}
