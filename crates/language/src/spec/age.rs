//! Words that the Caddy which reads the file does not have. The table of versions knows them; they are found by the
//! declarations, before the words are read.

use super::cursor::Cursor;
pub(crate) use super::fault::older::not_modelled;
use super::fault::{Fault, Parsed};
use super::syntax::Holds;
use crate::diagnostics::Code;
use crate::syntax::Word;
use crate::version::history::{self, History};
use crate::version::instead;
use crate::version::{Change, Version};

/// A word as its declaration has it: what is looked at here. Rows of tables are such words.
pub(crate) trait Declared: Sized {
    /// Its name.
    fn name(&self) -> &str;
    /// The words of its block.
    fn words(&self) -> &[Self];
    /// What its block may hold.
    fn holds(&self) -> Holds;
}

/// What the table calls directives.
pub(crate) const DIRECTIVE: &str = "directive";
/// What the table calls global options.
pub(crate) const OPTION: &str = "global option";
/// What the table calls matchers.
pub(crate) const MATCHER: &str = "matcher";

/// Looks for words that the version does not have: at the current word, which is the `name` of a directive, option, matcher or
/// module, and in its block, which has these rows. Those in the block are kept for the end of the reading.
///
/// # Errors
///
/// The version does not have the word itself.
pub(crate) fn check(cursor: &Cursor, what: &str, name: &str, rows: &[impl Declared]) -> Parsed<()> {
    let version = cursor.version();
    let mut refused: Vec<(&str, History)> = Vec::new();
    for (way, history) in history::refused(version, what, name) {
        if way.is_empty() {
            let described = format!("{what} `{name}`");
            return Err(fault(cursor.word(), version, &described, history, instead::find(what, name, "")));
        }
        refused.push((way, history));
    }
    if !refused.is_empty() {
        let mut look = Look { version, what, name, refused: &refused, faults: Vec::new() };
        look.at(&mut cursor.clone(), "", rows);
        look.faults.into_iter().for_each(|fault| cursor.keep(fault));
    }
    Ok(())
}

/// The same for all lines of `cursor`, whatever its position: those of a matcher are read as one.
pub(crate) fn check_lines(cursor: &Cursor, what: &str, name: &str, rows: &[impl Declared]) -> Parsed<()> {
    if history::refused(cursor.version(), what, name).next().is_none() {
        return Ok(());
    }
    let mut lines = cursor.clone();
    lines.reset();
    let mut checked = Ok(());
    while lines.next() {
        checked = checked.and_then(|()| check(&lines, what, name, rows));
        lines.segment();
    }
    lines.take_faults().into_iter().for_each(|fault| cursor.keep(fault));
    checked
}

/// A look for words below one word.
struct Look<'a> {
    version: Version,
    what: &'a str,
    name: &'a str,
    refused: &'a [(&'a str, History)],
    faults: Vec<Fault>,
}

impl Look<'_> {
    /// Looks through the block of the current line, which belongs to the word that `way` leads to.
    fn at<W: Declared>(&mut self, cursor: &mut Cursor, way: &str, rows: &[W]) {
        let level = cursor.nesting();
        let mut has_words = false;
        while cursor.next_arg() {
            has_words = true;
            // Some words take another one as their first argument: `uri query`.
            if way.is_empty() && level == 0 && self.what == DIRECTIVE && self.name == "uri" {
                let text = cursor.text().to_owned();
                if let Some((_, history)) = self.refused.iter().find(|(refused, _)| *refused == text) {
                    let described = format!("operation `{text}` in `{}`", self.name);
                    let fault = fault(cursor.word(), self.version, &described, *history, None);
                    self.faults.push(fault);
                }
            }
        }
        // Behind a word, the block of this one is not read.
        if has_words && self.name == "request_body" && self.version.has(Change::LineWordsCount) {
            return;
        }
        while cursor.next_block(level) {
            let Some(row) = rows.iter().find(|row| row.name() == cursor.text()) else {
                cursor.segment();
                continue;
            };
            let inner = if way.is_empty() { row.name().to_owned() } else { format!("{way}/{}", row.name()) };
            let mut words = cursor.nested();
            if let Some((_, history)) = self.refused.iter().find(|(refused, _)| *refused == inner) {
                let parent = way.rsplit('/').next().filter(|parent| !parent.is_empty()).unwrap_or(self.name);
                let described = format!("`{}` in `{parent}`", row.name());
                let instead = instead::find(self.what, self.name, &inner);
                self.faults.push(fault(words.word(), self.version, &described, *history, instead));
            } else if row.holds() == Holds::Rows {
                self.at(&mut words, &inner, row.words());
            }
        }
    }
}

/// The fault of a word that `version` does not have.
fn fault(
    word: &Word,
    version: Version,
    described: &str,
    history: History,
    instead: Option<&'static str>,
) -> Fault {
    let message = format!("Caddy {version} has no {described}");
    let fault = Fault::new(Code::OTHER_VERSION, word, message);
    let fault = match history.since() {
        Some(since) => fault.label(format!("Caddy {since} and newer have it")),
        None => fault,
    };
    match (instead, history.since()) {
        (Some(instead), _) => fault.help(format!("for Caddy {version}, {instead}")),
        (None, Some(since)) => fault.help(format!("remove it, or run Caddy {since} or newer")),
        (None, None) => fault.help("remove it"),
    }
}

/// The fault of a form of words that `version` does not have; `since` has it. `what` is a noun phrase.
pub(crate) fn form(word: &Word, version: Version, what: &str, since: Version, instead: &str) -> Fault {
    Fault::new(Code::OTHER_VERSION, word, format!("Caddy {version} does not have {what}"))
        .label(format!("Caddy {since} and newer have it"))
        .help(format!("for Caddy {version}, {instead}"))
}
