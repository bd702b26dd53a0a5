//! The keys of a row.

use std::sync::Arc;

use ecow::EcoString;

use super::body::MORE;
use super::table::Table;
use super::{Author, Reader};
use crate::config::Value;
use crate::modules;
use crate::plugins::definition::{Again, Bad, Kind, Missing, Print, Row};
use crate::plugins::{function, schema};
use crate::spec::Text;

pub(super) const AGAIN: &[(&str, Again)] =
    &[("replace", Again::Replace), ("refuse", Again::Refuse), ("add", Again::Add)];

/// The names of kinds.
const KINDS: &[&str] = &[
    "text",
    "flag",
    "word",
    "integer",
    "unsigned",
    "number",
    "boolean",
    "size",
    "duration",
    "go_duration",
    "prefix",
    "address",
    "bytes",
    "list",
    "items",
    "values",
    "entry",
    "block",
    "map",
    "lines",
    "objects",
    "module",
    "matchers",
    "response_matcher",
];

impl Reader<'_> {
    /// Reads a row. One that is `named` begins with its word.
    pub(super) fn row(&mut self, mut table: Table<'_>, depth: usize, named: bool) -> Option<Row> {
        let mut words = table.texts(self, "words");
        words.extend(table.text(self, "word"));
        if named && words.is_empty() {
            self.problem(Some(table.span.clone()), "a row needs `word`".to_owned(), None);
        }
        if !named && !words.is_empty() {
            let message = "a value on the line has no `word`; name its key with `to`".to_owned();
            self.problem(Some(table.span.clone()), message, None);
        }
        let to = table.text(self, "to").or_else(|| words.first().cloned()).unwrap_or_default();
        let kind = self.kind(&mut table)?;
        let more = table.choice(self, "more", MORE);
        let body = if kind.has_body() || table.has("args") && matches!(kind, Kind::Function(_)) {
            Some(Arc::new(self.body(&mut table, depth, more)))
        } else {
            None
        };
        let row = Row {
            words: words.into_iter().map(Text::Shared).collect(),
            doc: table.text(self, "doc").unwrap_or_default(),
            to,
            more: more.unwrap_or_default(),
            missing: table
                .choice(
                    self,
                    "missing",
                    &[("refuse", Missing::Refuse), ("keep", Missing::Keep), ("zero", Missing::Zero)],
                )
                .unwrap_or_default(),
            default: table.value(self, "default"),
            bad: table
                .choice(self, "bad", &[("refuse", Bad::Refuse), ("keep", Bad::Keep), ("zero", Bad::Zero)])
                .unwrap_or_default(),
            keeps_at_empty: table.choice(self, "empty", &[("set", false), ("keep", true)]).unwrap_or(false),
            again: table.choice(self, "again", AGAIN).unwrap_or_default(),
            writes_zero: table.choice(self, "zero", &[("omit", false), ("write", true)]).unwrap_or(false),
            set: table.value(self, "set").unwrap_or(Value::Bool(true)),
            map: table.values(self, "map"),
            least: table.number(self, "least"),
            most: table.number(self, "most"),
            join: table.text(self, "join"),
            print: table
                .choice(
                    self,
                    "print",
                    &[("nanoseconds", Print::Nanoseconds), ("go", Print::Go), ("text", Print::Text)],
                )
                .unwrap_or_default(),
            sorts: !table.has("sort") || table.flag(self, "sort"),
            is_secret: table.flag(self, "secret"),
            refuse: table.text(self, "refuse"),
            since: table.text(self, "since").unwrap_or_default(),
            is_optional: table.flag(self, "optional"),
            kind,
            body,
        };
        self.check_row(&table, &row);
        let keys: &[&[schema::Key]] =
            if row.body.is_some() { &[schema::ROW, schema::BODY] } else { &[schema::ROW] };
        self.finish(&table, keys);
        Some(row)
    }

    fn kind(&mut self, table: &mut Table<'_>) -> Option<Kind> {
        let Some(value) = table.get("is") else {
            if let Some(key) = ["rows", "args", "rows_of"].into_iter().find(|key| table.has(key)) {
                let help = "write `is = \"block\"`".to_owned();
                self.problem(Some(table.span.clone()), format!("a row with `{key}` needs `is`"), Some(help));
            }
            return Some(Kind::Text);
        };
        let Some(name) = value.get_ref().as_str() else {
            self.problem(Some(value.span()), "`is` takes a text".to_owned(), None);
            return None;
        };
        let of = self.of(table);
        let element = |of: Option<Kind>| Box::new(of.unwrap_or(Kind::Text));
        Some(match name {
            "list" => Kind::List(element(of)),
            "items" => Kind::Items(element(of)),
            "entry" => Kind::Entry(element(of)),
            "lines" if table.has("rows") => Kind::Lines(Box::new(Kind::Block)),
            "lines" => Kind::Lines(element(of)),
            "word" => {
                let Some(Kind::Word(words)) = of else {
                    let help = "write `of = [\"one\", \"two\"]`".to_owned();
                    self.problem(
                        Some(value.span()),
                        "a `word` needs the list `of` words".to_owned(),
                        Some(help),
                    );
                    return None;
                };
                Kind::Word(words)
            }
            "values" | "block" => Kind::Block,
            "map" => Kind::Map,
            "objects" => Kind::Objects,
            "module" => {
                let slot = self.required(table, "slot")?;
                Kind::Module(slot)
            }
            "matchers" => Kind::Matchers,
            "response_matcher" => Kind::ResponseMatcher,
            name => match simple(name) {
                Some(kind) => kind,
                None => return self.function(name, value.span()),
            },
        })
    }

    fn function(&mut self, name: &str, span: std::ops::Range<usize>) -> Option<Kind> {
        match function::find(name) {
            Some(function) if self.author == Author::Program => Some(Kind::Function(function)),
            Some(_) => {
                let message =
                    format!("only definitions that are part of caddyctl may name the function `{name}`");
                self.problem(Some(span), message, None);
                None
            }
            None => {
                let help = Self::near(name, KINDS.iter().copied())
                    .or_else(|| Some(format!("there are {}", KINDS.join(", "))));
                self.problem(Some(span), format!("unknown kind `{}`", crate::diagnostics::short(name)), help);
                None
            }
        }
    }

    /// What the values of a list are: a kind, or a list of words.
    fn of(&mut self, table: &mut Table<'_>) -> Option<Kind> {
        let value = table.get("of")?;
        if value.get_ref().is_array() {
            return Some(Kind::Word(table.texts(self, "of")));
        }
        let name = table.text(self, "of")?;
        match simple(&name) {
            Some(kind) => Some(kind),
            None if name == "list" => Some(Kind::List(Box::new(Kind::Text))),
            None => self.function(&name, value.span()),
        }
    }

    /// Keys that the kind of a row does not have.
    fn check_row(&mut self, table: &Table<'_>, row: &Row) {
        let is_duration = matches!(row.kind, Kind::Duration | Kind::GoDuration);
        let is_number = matches!(row.kind, Kind::Integer | Kind::Unsigned | Kind::Number | Kind::Size);
        let is_list = matches!(row.kind, Kind::List(_) | Kind::Items(_));
        for (key, fits) in [
            ("of", is_list || matches!(row.kind, Kind::Word(_) | Kind::Entry(_) | Kind::Lines(_))),
            ("slot", matches!(row.kind, Kind::Module(_))),
            ("least", is_number || is_list),
            ("most", is_number || is_list),
            ("join", is_list),
            ("print", is_duration),
            ("set", row.kind == Kind::Flag),
        ] {
            if !fits && table.has(key) {
                let at = table.get(key).map(toml::Spanned::span);
                self.problem(at, format!("a row of this kind has no `{key}`"), None);
            }
        }
        if let Kind::Module(slot) = &row.kind {
            let is_stock = modules::ALL.iter().any(|namespace| namespace.id == *slot);
            let is_own = self.text.contains(&format!("id = \"{slot}\""));
            if !is_stock && !is_own {
                let help = Self::near(slot, modules::ALL.iter().map(|namespace| namespace.id));
                let at = table.get("slot").map(toml::Spanned::span);
                self.problem(at, format!("unknown namespace `{}`", crate::diagnostics::short(slot)), help);
            }
        }
    }
}

/// A kind without anything to it.
fn simple(name: &str) -> Option<Kind> {
    Some(match name {
        "text" => Kind::Text,
        "flag" => Kind::Flag,
        "integer" => Kind::Integer,
        "unsigned" => Kind::Unsigned,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "size" => Kind::Size,
        "duration" => Kind::Duration,
        "go_duration" => Kind::GoDuration,
        "prefix" => Kind::Prefix,
        "address" => Kind::Address,
        "bytes" => Kind::Bytes,
        _ => return None,
    })
}

/// A row that takes one text, made by the program.
pub(in crate::plugins) fn text_row(word: &'static str, doc: &'static str, kind: Kind) -> Row {
    Row {
        words: vec![Text::Static(word)],
        doc: EcoString::from(doc),
        to: EcoString::from(word),
        kind,
        more: crate::plugins::definition::More::Refuse,
        missing: Missing::Refuse,
        default: None,
        bad: Bad::Refuse,
        keeps_at_empty: false,
        again: Again::Replace,
        writes_zero: false,
        set: Value::Bool(true),
        map: Vec::new(),
        least: None,
        most: None,
        join: None,
        print: Print::Nanoseconds,
        sorts: true,
        is_secret: false,
        refuse: None,
        since: EcoString::new(),
        is_optional: false,
        body: None,
    }
}
