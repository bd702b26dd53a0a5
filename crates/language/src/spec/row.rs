//! Subdirectives as data: a row for each, and the one reader that turns a block into JSON fields.

use ecow::EcoString;

use super::age;
use super::cursor::Cursor;
use super::fault::{Fault, Parsed, value};
use super::module::Namespace;
use super::syntax::Holds;
use super::text::{List, Text, set};
use crate::config::{Fields, Value, duration, float, integer};
use crate::go;
use crate::version::Change;
use crate::version::history::{self, Verdict};

/// What a subdirective takes.
#[derive(Clone)]
pub enum Kind {
    /// One text.
    Text,
    /// One text or more, appended to the list.
    Texts,
    /// Any number of texts, none too, appended to the list.
    AnyTexts,
    /// One text or more; a second line replaces the list.
    List,
    /// Nothing; the field becomes `true`.
    On,
    /// Nothing; the field becomes `false`.
    Off,
    /// An integer; zero leaves the field out.
    Integer,
    /// A duration, with days; zero leaves the field out.
    Duration,
    /// A size in bytes; zero leaves the field out.
    Size,
    /// A float; zero leaves the field out.
    Float,
    /// One of these words.
    Word(List<Text>),
    /// A block of rows that belong to the object at the row's path.
    Block(List<Row>),
    /// The name of a module, and what belongs to it.
    Module(&'static Namespace),
    /// Anything else: reads from its name on, up to the last word that belongs to it.
    Custom(fn(&mut Cursor, &mut Fields) -> Parsed<()>),
    /// Anything else, with a block of these rows.
    CustomBlock(fn(&mut Cursor, &mut Fields) -> Parsed<()>, List<Row>),
    /// Read by the directive itself; listed here for help, docs and suggestions.
    Own,
}

/// What a second line of the same name does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It replaces the first.
    Replace,
    /// It is a fault.
    Refuse,
}

/// What becomes of words behind the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// They are a fault.
    Strict,
    /// They are read as the next subdirective, as Caddy does where it does not look (spec: "leftover words").
    Lenient,
}

/// One subdirective.
#[derive(Clone)]
pub struct Row {
    /// Its name.
    pub name: Text,
    /// Its arguments, as help prints them: `<duration>`.
    pub args: Text,
    /// One line of help.
    pub doc: Text,
    /// What it takes.
    pub kind: Kind,
    /// Where its value goes, parts separated by `/`; empty for the row's own name.
    pub(crate) path: Text,
    /// What a second one does.
    pub(crate) repeat: Repeat,
    /// What becomes of words behind the value.
    pub(crate) strictness: Strictness,
    /// What its block may hold.
    pub holds: Holds,
    /// Whether with it a directive that answers all requests passes some on.
    pub passes_on: bool,
}

impl Row {
    /// A row that refuses extra words and that a second one replaces.
    pub(crate) const fn new(name: &'static str, args: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name: Text::Static(name),
            args: Text::Static(args),
            doc: Text::Static(doc),
            kind,
            path: Text::Static(""),
            repeat: Repeat::Replace,
            strictness: Strictness::Strict,
            holds: Holds::Rows,
            passes_on: false,
        }
    }

    /// The same of texts that were read from somewhere else.
    pub fn declared(name: Text, args: Text, kind: Kind, doc: Text) -> Self {
        Self { name, args, doc, ..Self::new("", "", kind, "") }
    }

    /// Where the value goes, if not under the row's own name.
    #[must_use]
    pub(crate) const fn at(mut self, path: &'static str) -> Self {
        set(&mut self.path, Text::Static(path));
        self
    }

    /// May be given once only.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.repeat = Repeat::Refuse;
        self
    }

    /// Words behind the value are read as the next subdirective.
    #[must_use]
    pub(crate) const fn lenient(mut self) -> Self {
        self.strictness = Strictness::Lenient;
        self
    }

    /// Its block holds directives.
    #[must_use]
    pub(crate) const fn directives(mut self) -> Self {
        self.holds = Holds::Directives;
        self
    }

    /// With it a directive that answers all requests passes some on.
    #[must_use]
    pub(crate) const fn passes_on(mut self) -> Self {
        self.passes_on = true;
        self
    }

    /// How it is written, on one line.
    pub fn syntax(&self) -> String {
        format!("{} {}", self.name, self.args).trim_end().to_owned()
    }

    /// The rows of its own block.
    pub fn block(&self) -> &[Self] {
        match &self.kind {
            Kind::Block(rows) | Kind::CustomBlock(_, rows) => rows,
            _ => &[],
        }
    }

    fn path(&self) -> &str {
        if self.path.is_empty() { &self.name } else { &self.path }
    }

    /// The same row, where tables are put together while compiling.
    const fn written(&self) -> Self {
        let kind = match &self.kind {
            Kind::Text => Kind::Text,
            Kind::Texts => Kind::Texts,
            Kind::AnyTexts => Kind::AnyTexts,
            Kind::List => Kind::List,
            Kind::On => Kind::On,
            Kind::Off => Kind::Off,
            Kind::Integer => Kind::Integer,
            Kind::Duration => Kind::Duration,
            Kind::Size => Kind::Size,
            Kind::Float => Kind::Float,
            Kind::Word(words) => Kind::Word(words.written()),
            Kind::Block(rows) => Kind::Block(rows.written()),
            Kind::Module(namespace) => Kind::Module(namespace),
            Kind::Custom(read) => Kind::Custom(*read),
            Kind::CustomBlock(read, rows) => Kind::CustomBlock(*read, rows.written()),
            Kind::Own => Kind::Own,
        };
        Self {
            name: self.name.written(),
            args: self.args.written(),
            doc: self.doc.written(),
            kind,
            path: self.path.written(),
            repeat: self.repeat,
            strictness: self.strictness,
            holds: self.holds,
            passes_on: self.passes_on,
        }
    }
}

impl age::Declared for Row {
    fn name(&self) -> &str {
        &self.name
    }

    fn words(&self) -> &[Self] {
        self.block()
    }

    fn holds(&self) -> Holds {
        self.holds
    }
}

/// The rows of a table that is written in the program.
pub type Rows = &'static [Row];

/// The rows of both, for a directive that has those of another one too.
///
/// # Panics
/// When `N` is not how many they are; tables are joined while compiling, so that this is an error of the compiler.
pub(crate) const fn join<const N: usize>(first: Rows, second: Rows) -> [Row; N] {
    assert!(N == first.len() + second.len(), "N counts all rows");
    let mut all = [const { Row::new("", "", Kind::Own, "") }; N];
    let mut at = 0;
    while at < N {
        let row = if at < first.len() { &first[at] } else { &second[at - first.len()] };
        set(&mut all[at], row.written());
        at += 1;
    }
    all
}

/// Reads the block that opens on this line into `fields`. `parent` names the directive in faults.
pub(crate) fn read_block(cursor: &mut Cursor, parent: &str, rows: &[Row], fields: &mut Fields) -> Parsed<()> {
    cursor.block(|cursor| read_row(cursor, parent, rows, fields))
}

/// Reads the block of the module `name` of this kind. Before 2.10.0, some modules pass over words that they do not know.
pub(crate) fn read_known(
    cursor: &mut Cursor,
    (what, name): (&str, &str),
    rows: &[Row],
    fields: &mut Fields,
) -> Parsed<()> {
    let version = cursor.version();
    if version.has(Change::UnknownLinesRefused) {
        return read_block(cursor, name, rows, fields);
    }
    cursor.block(|cursor| {
        let history = history::find(what, name, cursor.text());
        let is_known = history.is_none_or(|history| history.of(version) == Verdict::Same);
        match rows.iter().find(|row| is_known && row.name == cursor.text()) {
            Some(row) => row.read(cursor, fields),
            None => Ok(()),
        }
    })
}

/// Reads one row, whose name is the current word.
pub(crate) fn read_row(cursor: &mut Cursor, parent: &str, rows: &[Row], fields: &mut Fields) -> Parsed<()> {
    let Some(row) = rows.iter().find(|row| row.name == cursor.text()) else {
        return Err(cursor.unknown(parent, rows.iter().map(|row| &*row.name)));
    };
    row.read(cursor, fields)
}

impl Row {
    /// Reads the value of this row, whose name is the current word, into `fields`.
    pub(crate) fn read(&self, cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
        let name = cursor.word().clone();
        if self.repeat == Repeat::Refuse && get(fields, self.path()).is_some() {
            return Err(Fault::repeated(&name, format!("`{}`", self.name)));
        }
        match &self.kind {
            Kind::Text => {
                let text = self.one(cursor, "a value")?;
                put(fields, self.path(), (!text.is_empty()).then(|| Value::from(text)));
            }
            Kind::Texts | Kind::AnyTexts => {
                let texts = cursor.arg_texts();
                if texts.is_empty() && matches!(self.kind, Kind::Texts) {
                    return Err(cursor.missing(&name, &self.wanted("at least one value")));
                }
                append(fields, self.path(), texts);
            }
            Kind::List => {
                let texts = cursor.arg_texts();
                if texts.is_empty() {
                    return Err(cursor.missing(&name, &self.wanted("at least one value")));
                }
                put(fields, self.path(), Some(Value::from(texts)));
            }
            Kind::On | Kind::Off => {
                if self.strictness == Strictness::Strict {
                    cursor.no_args()?;
                }
                put(fields, self.path(), Some(Value::Bool(matches!(self.kind, Kind::On))));
            }
            Kind::Integer => {
                let text = self.one(cursor, "a whole number")?;
                let number = go::atoi(&text).ok_or_else(|| not_a(cursor, "a whole number", "42"))?;
                put(fields, self.path(), (number != 0).then(|| integer(number)));
            }
            Kind::Duration => {
                let text = self.one(cursor, "a duration")?;
                let nanoseconds = go::caddy_duration(&text).ok_or_else(|| not_a_duration(cursor))?;
                put(fields, self.path(), (nanoseconds != 0).then(|| duration(nanoseconds)));
            }
            Kind::Size => {
                let text = self.one(cursor, "a size")?;
                let bytes = go::size(&text).ok_or_else(|| not_a(cursor, "a size", "10MB"))?;
                put(fields, self.path(), (bytes != 0).then(|| integer(bytes.cast_signed())));
            }
            Kind::Float => {
                let text = self.one(cursor, "a number")?;
                let number = crate::go::go_float(&text).ok_or_else(|| not_a(cursor, "a number", "0.5"))?;
                put(fields, self.path(), (number != 0.0).then(|| float(number)));
            }
            Kind::Word(words) => {
                let text = self.one(cursor, "a word")?;
                if !words.iter().any(|word| *word == *text) {
                    let words: Vec<&str> = words.iter().map(Text::as_str).collect();
                    let example = words.first().copied().unwrap_or_default();
                    let fault = not_a(cursor, &format!("one of {}", super::fault_list(&words)), example);
                    return Err(fault.suggest(cursor.word(), super::suggest(&text, words.iter().copied())));
                }
                put(fields, self.path(), Some(Value::from(text)));
            }
            Kind::Block(rows) => {
                let mut inner = match get(fields, self.path()) {
                    Some(Value::Object(inner)) => inner.clone(),
                    _ => Fields::new(),
                };
                if self.strictness == Strictness::Strict {
                    cursor.no_args()?;
                }
                read_block(cursor, &self.name, rows, &mut inner)?;
                put(fields, self.path(), (!inner.is_empty()).then_some(Value::Object(inner)));
            }
            Kind::Module(namespace) => {
                let module = namespace.read_arg(cursor)?;
                put(fields, self.path(), Some(Value::Object(module)));
            }
            Kind::Custom(read) | Kind::CustomBlock(read, _) => read(cursor, fields)?,
            Kind::Own => {}
        }
        Ok(())
    }

    fn one(&self, cursor: &mut Cursor, what: &str) -> Parsed<EcoString> {
        let name = cursor.word().clone();
        if !cursor.next_arg() {
            return Err(cursor.missing(&name, &self.wanted(what)));
        }
        let value = cursor.word().text.clone();
        if self.strictness == Strictness::Strict && cursor.next_arg() {
            return Err(cursor.surplus(&name, &self.wanted(what)));
        }
        Ok(value)
    }

    /// The arguments as the row names them, for "needs …".
    fn wanted(&self, what: &str) -> String {
        if self.args.is_empty() { what.to_owned() } else { format!("{what}: `{} {}`", self.name, self.args) }
    }
}

/// "`x` is not a duration".
pub(crate) fn not_a(cursor: &Cursor, what: &str, example: &str) -> Fault {
    value::not_a(cursor.word(), what, example)
}

/// "`x` is not a duration".
pub(crate) fn not_a_duration(cursor: &Cursor) -> Fault {
    value::not_a_duration(cursor.word())
}

/// The value at `path`, parts separated by `/`.
fn get<'f>(fields: &'f Fields, path: &str) -> Option<&'f Value> {
    match path.split_once('/') {
        None => fields.get(path),
        Some((first, rest)) => get(fields.get(first)?.as_object()?, rest),
    }
}

/// Sets the value at `path`, making the objects on the way even when there is no value to set, as Caddy does; `None`
/// removes it.
pub(crate) fn put(fields: &mut Fields, path: &str, value: Option<Value>) {
    match path.split_once('/') {
        None => match value {
            Some(value) => {
                fields.insert(path, value);
            }
            None => {
                fields.remove(path);
            }
        },
        Some((first, rest)) => put(fields.object(first), rest, value),
    }
}

/// Appends values to the list at `path`; no values make no list.
pub(crate) fn append<V: Into<Value>>(fields: &mut Fields, path: &str, values: impl IntoIterator<Item = V>) {
    match path.split_once('/') {
        None => values.into_iter().for_each(|value| fields.push(path, value)),
        Some((first, rest)) => append(fields.object(first), rest, values),
    }
}
