//! The state of one request on its way through the handlers.

use std::cell::Cell;

use rustc_hash::{FxHashMap, FxHashSet};

use caddyctl_language::Version;

use super::facts::{Facts, Missing};
use super::fields::Fields;
use super::input::Reply;
use super::layers::{Layer, Output};
use super::message::{Connection, Message, Original};
use super::notes::{About, Notes};
use super::program::{Map, Place, Proxy, Server};
use super::value::Value;

/// Which values were read that nobody can know.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unsure {
    /// A captured value that depends on the order of matchers.
    pub(super) is_in_doubt: bool,
    /// A value that each request has anew.
    pub(super) is_of_the_moment: bool,
}

/// Why a handler gave up.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Raised {
    /// An error with a status, which error routes may handle.
    Http {
        /// The status.
        status: i64,
        /// The message.
        message: String,
    },
    /// An error without a status.
    Plain(String),
    /// The connection is closed without an answer.
    Abort,
    /// The model cannot go on: what it does not know.
    Unknown(String),
}

impl Raised {
    /// An error with the standard text of its status.
    pub(super) fn status(status: i64) -> Self {
        Self::Http { status, message: super::status::text(status).to_owned() }
    }

    /// An error with a message.
    pub(super) fn with(status: i64, message: impl Into<String>) -> Self {
        Self::Http { status, message: message.into() }
    }
}

/// A request to an upstream.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The address that was dialled.
    pub address: String,
    /// The method.
    pub method: String,
    /// The request target.
    pub target: String,
    /// Header fields, Host among them.
    pub headers: Fields,
    /// `FastCGI` parameters, for that transport.
    pub fastcgi: Option<Vec<(&'static str, String)>>,
    /// Whether nothing listens there.
    pub refused: bool,
}

/// The response of an upstream that routes may copy.
#[derive(Clone, Debug)]
pub(super) struct Received<'p> {
    pub(super) proxy: &'p Proxy,
    pub(super) status: i64,
    pub(super) headers: Fields,
    pub(super) body: String,
    /// The version of HTTP, such as `1.1`.
    pub(super) version: &'static str,
    pub(super) visit: usize,
    /// The bytes that the upstream compressed for Caddy alone.
    pub(super) method: String,
}

/// The state of one request.
pub(super) struct State<'p> {
    pub(super) server: &'p Server<'p>,
    /// The version whose answers count.
    pub(super) version: Version,
    pub(super) facts: &'p dyn Facts,
    pub(super) replies: &'p std::collections::BTreeMap<String, Reply>,
    pub(super) request: Message,
    pub(super) original: Original,
    pub(super) connection: Connection,
    pub(super) client_ip: String,
    pub(super) is_trusted: bool,
    pub(super) vars: FxHashMap<String, Value>,
    /// Values that handlers and matchers set.
    pub(super) values: FxHashMap<String, Value>,
    /// Names of placeholders whose value depends on the order in which Caddy asked matchers.
    pub(super) doubtful: FxHashSet<String>,
    /// Names of the placeholders that were set since somebody wanted to know.
    pub(super) kept: Option<Vec<String>>,
    /// What was read that nobody can know.
    pub(super) unsure: Cell<Unsure>,
    pub(super) maps: Vec<&'p Map>,
    pub(super) groups: FxHashSet<&'p str>,
    /// The header fields of the response, which all handlers share.
    pub(super) headers: Fields,
    pub(super) output: Output,
    pub(super) layers: Vec<Layer<'p>>,
    /// The status of the error that is handled: `None` outside of error routes, 0 for one without status.
    pub(super) error: Option<i64>,
    pub(super) received: Option<Received<'p>>,
    pub(super) visits: Vec<Visit>,
    /// The upstream request whose response the client gets.
    pub(super) answered_by: Option<usize>,
    /// Where the handler stands that wrote the answer.
    pub(super) place: Option<Place>,
    /// The file that is served.
    pub(super) file: Option<String>,
    /// The place of the handler that runs.
    pub(super) current: Option<&'p Place>,
    pub(super) notes: Notes,
    pub(super) has_trace_id: bool,
}

impl State<'_> {
    /// Sets the value of a placeholder.
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let name = name.into();
        if !self.doubtful.is_empty() {
            self.doubtful.remove(&name);
        }
        if let Some(kept) = &mut self.kept {
            kept.push(name.clone());
        }
        self.values.insert(name, value.into());
    }

    /// Looks at something for an explanation, which changes nothing.
    pub(super) fn aside<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let (values, doubtful, unsure) = (self.values.clone(), self.doubtful.clone(), self.unsure.get());
        let (kept, open) = (self.kept.take(), self.notes.undecided.len());
        let found = look(self);
        (self.values, self.doubtful, self.kept) = (values, doubtful, kept);
        self.unsure.set(unsure);
        self.notes.undecided.truncate(open);
        found
    }

    /// Notes what placeholders were read whose value nobody can know.
    pub(super) fn note_unsure(&mut self) {
        let unsure = self.unsure.take();
        if unsure.is_in_doubt {
            self.notes.undecided(
                About::Answer,
                "either: a captured value, since Caddy asks the matchers of one set in any order",
            );
        }
        if unsure.is_of_the_moment {
            self.notes.undecided(
                About::Content,
                "a placeholder has another value for each request: a client's port, a time, or an identifier",
            );
        }
    }

    /// Notes that a folder of files does not exist on this machine, if so: what is in it elsewhere decides about the answer.
    pub(super) fn misses_folder(&mut self, folder: &str) {
        if self.facts.look(folder) == Err(Missing::NotFound) {
            let folder = self.absolute(folder);
            self.notes.undecided(
                About::Answer,
                format!("the folder {folder} does not exist here, so its files are unknown"),
            );
        }
    }

    /// An absolute path, cleaned.
    pub(super) fn absolute(&self, path: &str) -> String {
        if path.starts_with('/') {
            return super::url::clean(path);
        }
        super::url::clean(&format!("{}/{path}", self.facts.working_directory()))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
