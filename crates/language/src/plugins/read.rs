//! Reads a definition file. Everything that is wrong with it is found in one run, with its place.

mod body;
mod row;
mod table;
#[cfg(test)]
mod tests;
mod word;

use crate::source::shown;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use ecow::EcoString;
use toml::de::DeTable;

use super::definition::{Definition, Row, Slot};
use super::schema;
use crate::source::{Position, toml as files};
use crate::spec::suggest;
pub(super) use row::text_row;
use table::Table;

/// The longest definition file (bytes).
pub const LARGEST: usize = 256 * 1024;

/// The most rows of a definition file.
pub const MOST_ROWS: usize = 500;

/// How deeply rows may lie in rows.
pub const DEEPEST: usize = 8;

/// The version of the format.
const FORMAT: i64 = 1;

/// Something that is wrong with a definition file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub position: Option<Position>,
    /// What.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "{line}:{column}: ")?;
        }
        // Both quote the file, which may come from anybody.
        f.write_str(&shown::line(&self.message))?;
        if let Some(help) = &self.help {
            write!(f, "; {}", shown::line(help))?;
        }
        Ok(())
    }
}

/// Who wrote a definition file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// It is part of the program, and may name the program's functions.
    Program,
    /// Anybody.
    User,
}

/// Reads a definition file.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn definition(text: &str, author: Author) -> Result<Definition, Vec<Problem>> {
    let mut reader = Reader::new(text, author);
    if text.len() > LARGEST {
        reader.problem(None, format!("the file is larger than {} KiB", LARGEST / 1024), None);
        return Err(reader.problems);
    }
    let Ok(parsed) = DeTable::parse(text) else { return Err(vec![malformed(text)]) };
    let mut file = Table::new(parsed.get_ref(), parsed.span());
    let found = reader.file(&mut file);
    reader.finish(&file, &[schema::FILE]);
    match found {
        Some(found) if reader.problems.is_empty() => Ok(found),
        _ => Err(reader.problems),
    }
}

/// Why a text is not TOML.
fn malformed(text: &str) -> Problem {
    let malformed = files::parse::<BTreeMap<String, ::toml::Value>>(text).err();
    let position = malformed.as_ref().and_then(|malformed| malformed.position);
    let message = malformed
        .and_then(|malformed| malformed.expected)
        .map_or("this is not valid TOML".to_owned(), |expected| format!("expected {expected}"));
    Problem { position, message, help: None }
}

/// What reads one file.
struct Reader<'t> {
    text: &'t str,
    author: Author,
    problems: Vec<Problem>,
    /// How many rows there have been.
    rows: usize,
    /// Rows with a name.
    shared: BTreeMap<EcoString, Vec<Row>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, author: Author) -> Self {
        Self { text, author, problems: Vec::new(), rows: 0, shared: super::shared::rows() }
    }

    fn problem(&mut self, at: Option<Range<usize>>, message: String, help: Option<String>) {
        let position = at.map(|span| files::position(self.text, span.start));
        self.problems.push(Problem { position, message, help });
    }

    /// Names that are near what was written.
    fn near<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<String> {
        suggest(name, names).map(|near| format!("did you mean `{near}`?"))
    }

    /// Reports the keys of a table that nothing has asked for.
    fn finish(&mut self, table: &Table, keys: &[&[schema::Key]]) {
        let names: Vec<&str> = keys.iter().flat_map(|keys| keys.iter().map(|key| key.name)).collect();
        for (key, span) in table.unread() {
            let message = format!("unknown key `{}`", crate::diagnostics::short(key));
            if names.contains(&key) {
                self.problem(Some(span), format!("the key `{key}` does not belong here"), None);
                continue;
            }
            let help = Self::near(key, names.iter().copied())
                .or_else(|| Some(format!("there are {}", crate::spec::fault_list(&names))));
            self.problem(Some(span), message, help);
        }
    }

    fn file(&mut self, file: &mut Table<'_>) -> Option<Definition> {
        match file.whole(self, "format") {
            Some((FORMAT, _)) => {}
            Some((_, span)) => {
                self.problem(Some(span), format!("this version of caddyctl reads format {FORMAT}"), None);
            }
            None => self.problem(
                None,
                "the key `format` is missing".to_owned(),
                Some("write `format = 1`".to_owned()),
            ),
        }
        let package = self.required(file, "package")?;
        for table in file.tables(self, "rows") {
            self.shared_rows(table);
        }
        let mut words = Vec::new();
        for kind in ["directive", "option", "matcher", "module"] {
            for table in file.tables(self, kind) {
                words.extend(self.word(kind, table));
            }
        }
        let mut slots = Vec::new();
        for mut table in file.tables(self, "slot") {
            let slot = Slot {
                id: self.required(&mut table, "id").unwrap_or_default(),
                key: self.required(&mut table, "key").unwrap_or_default(),
                what: self.required(&mut table, "what").unwrap_or_default(),
            };
            self.finish(&table, &[schema::SLOT]);
            slots.push(slot);
        }
        let definition = Definition {
            package,
            about: file.text(self, "about").unwrap_or_default(),
            link: file.text(self, "link").unwrap_or_default(),
            tested: file.texts(self, "tested"),
            brings: file.texts(self, "brings"),
            networks: file.texts(self, "networks"),
            words,
            slots,
        };
        Some(definition)
    }

    fn required(&mut self, table: &mut Table<'_>, key: &str) -> Option<EcoString> {
        let found = table.text(self, key);
        if found.is_none() && !table.has(key) {
            self.problem(Some(table.span.clone()), format!("the key `{key}` is missing"), None);
        }
        found
    }

    fn shared_rows(&mut self, mut table: Table<'_>) {
        let name = self.required(&mut table, "name").unwrap_or_default();
        let rows = self.rows(&mut table, "rows", 1, true);
        self.finish(&table, &[schema::SHARED]);
        self.shared.insert(name, rows);
    }
}
