//! What a definition says of a plugin: its words, how each is read, and what its JSON is.

use std::sync::Arc;

use ecow::EcoString;

use super::function::{Function, Step};
use crate::config::Value;
use crate::spec::{Answer, Text};

/// The words that a Go package brings.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The Go package, as `xcaddy build --with` takes it.
    pub package: EcoString,
    /// What it is for, on one line.
    pub about: EcoString,
    /// Where it is documented.
    pub link: EcoString,
    /// The versions whose answers the definition was compared with.
    pub tested: Vec<EcoString>,
    /// The packages that a build has with it.
    pub brings: Vec<EcoString>,
    /// The networks that it adds to `bind`: `tailscale` for `bind tailscale/…`.
    pub networks: Vec<EcoString>,
    /// Its words.
    pub words: Vec<Word>,
    /// The namespaces of modules that it opens.
    pub slots: Vec<Slot>,
}

/// A namespace of modules.
#[derive(Clone, Debug)]
pub struct Slot {
    /// What Caddy calls it: `dynamic_dns.ip_sources`.
    pub id: EcoString,
    /// The key that carries a module's name in JSON.
    pub key: EcoString,
    /// What one of them is called in a sentence.
    pub what: EcoString,
}

/// A word of a plugin.
#[derive(Clone, Debug)]
pub struct Word {
    /// What it is.
    pub part: Part,
    /// Its name.
    pub name: EcoString,
    /// Further names of the same word.
    pub aliases: Vec<EcoString>,
    /// What it does, on one line.
    pub doc: EcoString,
    /// How it is read; `None` for a word of which only the name is known.
    pub body: Option<Arc<Body>>,
    /// Examples, each with what comes of it.
    pub examples: Vec<Example>,
}

/// Where a word stands, and where its JSON goes.
#[derive(Clone, Debug)]
pub enum Part {
    /// A directive of a site.
    Directive {
        /// The handler that it makes.
        handler: EcoString,
        /// Where in that handler its settings lie, parts separated by `/`.
        at: EcoString,
        /// Its place among the others.
        order: Option<Place>,
        /// What it does with requests.
        behaviour: Behaviour,
    },
    /// A global option.
    Option {
        /// The app that it configures.
        app: EcoString,
        /// Where in that app its settings lie; empty for the app itself.
        to: EcoString,
        /// What a second one does.
        again: Again,
    },
    /// A request matcher.
    Matcher,
    /// A module of a namespace.
    Module {
        /// The namespace.
        slot: EcoString,
        /// What an HTTPS upstream adds to a transport.
        https: Vec<(EcoString, Value)>,
    },
}

/// Where a directive goes in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether it goes before the other one.
    pub is_before: bool,
    /// The other one, which the stock build has.
    pub other: EcoString,
}

/// What a directive does with the requests that it runs for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// How many it answers.
    pub answers: Option<Answer>,
    /// What it asks of clients.
    pub guards: EcoString,
    /// What it changes; `None` if anything may change.
    pub changes: Option<Vec<EcoString>>,
    /// The global option without which it does not start.
    pub requires: EcoString,
}

/// An example of a word.
#[derive(Clone, Debug)]
pub struct Example {
    /// The text, as it would stand where the word belongs.
    pub text: EcoString,
    /// Its JSON, or where it is refused a part of the message.
    pub answer: Result<EcoString, EcoString>,
    /// Where it stands in the file.
    pub at: usize,
}

/// How the words of an object are read.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// The values on the word's own line.
    pub args: Vec<Row>,
    /// What becomes of further words there.
    pub more: More,
    /// What becomes of the block.
    pub block: Block,
    /// What becomes of lines that no row describes.
    pub unknown: Unknown,
    /// The lines of the block.
    pub rows: Vec<Row>,
    /// Values before the first line.
    pub start: Vec<(EcoString, Value)>,
    /// Variables of the environment that set such a value.
    pub start_env: Vec<(EcoString, EcoString)>,
    /// Values that are set at the end, where nothing is.
    pub finally: Vec<(EcoString, Value)>,
    /// What is written even if it is zero.
    pub always: Always,
    /// The keys in their order, where that is not the order of the rows.
    pub keys: Vec<EcoString>,
    /// What must be given. Of several names in one element, one is enough.
    pub need: Vec<EcoString>,
    /// Of these groups of keys exactly one must be given whole.
    pub exactly_one: Vec<Vec<EcoString>>,
    /// Whether one of the rows may stand on the word's own line.
    pub has_inline_rows: bool,
    /// How the block is read.
    pub read: Reading,
    /// Whether an error ends the reading silently.
    pub stops_at_faults: bool,
    /// What is done with the object once it has been read.
    pub step: Option<Step>,
}

/// How a block is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Line by line.
    #[default]
    Lines,
    /// Word by word: a word that is no row is a value of the last one.
    Words,
    /// Word by word: a word with another one behind it on its line is a row and its value.
    Pairs,
}

/// What is written of zero values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Always {
    /// These keys.
    Keys(Vec<EcoString>),
    /// All keys.
    All,
    /// None.
    #[default]
    None,
}

/// What becomes of words that are left on a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum More {
    /// They are an error.
    #[default]
    Refuse,
    /// They are read as the next line, as Caddy does where it does not look.
    Option,
    /// They are ignored.
    Ignore,
    /// They are ignored, and so is the block.
    IgnoreRest,
}

/// What becomes of the block of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Block {
    /// It is read.
    #[default]
    Read,
    /// It is ignored.
    Ignore,
    /// It is read, unless there were values on the line.
    UnlessArgs,
}

/// What becomes of lines that no row describes.
#[derive(Clone, Debug, Default)]
pub enum Unknown {
    /// They are an error.
    #[default]
    Refuse,
    /// Their first word is ignored; the next one is read as a line.
    Ignore,
    /// Their first word is ignored, with the value behind it.
    IgnoreValue,
    /// Their first word is a name, read by this row.
    Row(Box<Row>),
}

/// A line of a block, or a value on the word's own line.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the schema")]
pub struct Row {
    /// The names of the line; none for a value.
    pub words: Vec<Text>,
    /// What it is for, on one line.
    pub doc: EcoString,
    /// Where its value goes, parts separated by `/`; empty if it goes into the object around it.
    pub to: EcoString,
    /// What it takes.
    pub kind: Kind,
    /// What becomes of words behind its values.
    pub more: More,
    /// What becomes of it without a value.
    pub missing: Missing,
    /// The value without a value.
    pub default: Option<Value>,
    /// What becomes of a value that is none of its kind.
    pub bad: Bad,
    /// Whether an empty value leaves what was there.
    pub keeps_at_empty: bool,
    /// What a second one does.
    pub again: Again,
    /// Whether a zero that was given is written.
    pub writes_zero: bool,
    /// The value of a flag.
    pub set: Value,
    /// Words that stand for a value.
    pub map: Vec<(EcoString, Value)>,
    /// The least number.
    pub least: Option<f64>,
    /// The largest number.
    pub most: Option<f64>,
    /// What joins the values of a list to one text.
    pub join: Option<EcoString>,
    /// How a duration is written.
    pub print: Print,
    /// Whether the keys of a map are sorted, as Go does.
    pub sorts: bool,
    /// Whether the value is a secret.
    pub is_secret: bool,
    /// Why the line is an error, if it always is.
    pub refuse: Option<EcoString>,
    /// The version that has it first, for help.
    pub since: EcoString,
    /// Whether a value need not be given.
    pub is_optional: bool,
    /// Its values and its block, where it makes an object.
    pub body: Option<Arc<Body>>,
}

/// What a row takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One text.
    Text,
    /// Nothing.
    Flag,
    /// One of these words.
    Word(Vec<EcoString>),
    /// A whole number.
    Integer,
    /// A whole number that is not negative.
    Unsigned,
    /// A number.
    Number,
    /// A truth value in Go's words.
    Boolean,
    /// A size in bytes.
    Size,
    /// A duration as Caddy reads it, with days.
    Duration,
    /// A duration as Go reads it.
    GoDuration,
    /// An IP network.
    Prefix,
    /// An IP address.
    Address,
    /// A text that is written in base64.
    Bytes,
    /// Texts, or other values of one kind.
    List(Box<Kind>),
    /// Texts: one on the line, or one on each line of the block.
    Items(Box<Kind>),
    /// A name and its value.
    Entry(Box<Kind>),
    /// An object.
    Block,
    /// An object of objects, each under its argument.
    Map,
    /// An object with a name and a value for each line of the block.
    Lines(Box<Kind>),
    /// A list of objects, to which each line adds one.
    Objects,
    /// A module of a namespace, and the key that carries its name where that is not the namespace's own.
    Module(EcoString),
    /// Request matchers: each line adds a set.
    Matchers,
    /// What an answer must be like.
    ResponseMatcher,
    /// What a function of the program reads.
    Function(Function),
}

impl Kind {
    /// Whether it makes objects, which a body describes.
    pub(super) fn has_body(&self) -> bool {
        match self {
            Self::Block | Self::Map | Self::Objects => true,
            Self::Lines(of) => **of == Self::Block,
            _ => false,
        }
    }
}

/// What becomes of a line without a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// It is an error.
    #[default]
    Refuse,
    /// It is ignored.
    Keep,
    /// It sets zero.
    Zero,
}

/// What becomes of a value that is none of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bad {
    /// It is an error.
    #[default]
    Refuse,
    /// It is ignored.
    Keep,
    /// It sets zero.
    Zero,
}

/// What a second line, or a second word, does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Again {
    /// It takes the place of the first.
    #[default]
    Replace,
    /// It is an error, unless the first one left a zero.
    Refuse,
    /// It adds to the first.
    Add,
}

/// How a duration is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Print {
    /// As a number of nanoseconds.
    #[default]
    Nanoseconds,
    /// As Go prints it: `1m0s`.
    Go,
    /// As it stands in the file.
    Text,
}
