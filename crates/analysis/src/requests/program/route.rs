//! Routes and handlers.

use serde_json::Value;

use caddyctl_language::source::Span;

use super::files::FileServer;
use super::headers::{Headers, ResponseMatcher};
use super::matchers::MatcherSet;
use super::proxy::{Proxy, ResponseHandler};
use super::rewrite::Rewrite;
use crate::requests::regexp::Regexp;

/// Where a route or handler stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its JSON pointer; empty for what Caddy adds by itself.
    pub pointer: String,
    /// The words it was compiled from.
    pub span: Option<Span>,
}

/// A route: handlers for the requests that one of its matcher sets matches.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Route {
    pub(in crate::requests) group: Option<String>,
    /// One of these must hold; empty for every request.
    pub(in crate::requests) sets: Vec<MatcherSet>,
    pub(in crate::requests) handlers: Vec<Handler>,
    pub(in crate::requests) terminal: bool,
    pub(in crate::requests) place: Place,
}

/// A handler and its place.
#[derive(Clone, Debug)]
pub(in crate::requests) struct Handler {
    pub(in crate::requests) kind: Kind,
    /// The name of the module.
    pub(in crate::requests) name: String,
    pub(in crate::requests) place: Place,
}

/// What a handler does.
#[derive(Clone, Debug)]
pub(in crate::requests) enum Kind {
    Subroute {
        routes: Vec<Route>,
        errors: Option<Vec<Route>>,
    },
    Respond(Respond),
    Error {
        status: String,
        message: String,
    },
    Headers(Box<Headers>),
    Rewrite(Box<Rewrite>),
    Proxy(Box<Proxy>),
    CopyResponse {
        status: String,
    },
    CopyResponseHeaders {
        include: Vec<String>,
        exclude: Vec<String>,
    },
    Files(Box<FileServer>),
    Vars(Vec<(String, Value)>),
    Map(Box<Map>),
    Encode(Box<Encode>),
    Templates(Templates),
    Intercept(Vec<ResponseHandler>),
    Login(Box<Login>),
    RequestBody {
        max_size: u64,
        set: String,
    },
    Invoke(String),
    /// Changes neither the request nor the answer: logs and time limits.
    Nothing(&'static str),
    /// Adds an identifier to requests to upstreams.
    Tracing,
    /// A handler that the model does not know, or one that answers with what only a running Caddy has.
    Unknown(String),
}

/// `respond`, `redir` and `abort`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Respond {
    pub(in crate::requests) status: String,
    pub(in crate::requests) headers: Vec<(String, Vec<String>)>,
    pub(in crate::requests) body: String,
    pub(in crate::requests) close: bool,
    pub(in crate::requests) abort: bool,
}

/// `map`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Map {
    pub(in crate::requests) source: String,
    pub(in crate::requests) destinations: Vec<String>,
    pub(in crate::requests) mappings: Vec<Mapping>,
    pub(in crate::requests) defaults: Vec<String>,
}

/// One line of a `map`.
#[derive(Clone, Debug)]
pub(in crate::requests) struct Mapping {
    pub(in crate::requests) input: String,
    pub(in crate::requests) regexp: Option<Regexp>,
    /// One for each destination; none passes on to the next line.
    pub(in crate::requests) outputs: Vec<Option<String>>,
}

/// `encode`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Encode {
    /// The encodings that are offered.
    pub(in crate::requests) encodings: Vec<String>,
    pub(in crate::requests) prefer: Vec<String>,
    pub(in crate::requests) minimum: usize,
    pub(in crate::requests) matcher: ResponseMatcher,
}

/// `templates`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Templates {
    pub(in crate::requests) types: Vec<String>,
    pub(in crate::requests) delimiters: Option<(String, String)>,
}

/// `basic_auth`.
#[derive(Clone, Debug, Default)]
pub(in crate::requests) struct Login {
    pub(in crate::requests) providers: usize,
    pub(in crate::requests) algorithm: String,
    pub(in crate::requests) realm: String,
    /// User names and what their passwords hash to.
    pub(in crate::requests) accounts: Vec<(String, String)>,
}
