//! `checks.toml`: requests, and the answers that they must get. `caddyctl test` runs it through the model of
//! [`crate::requests`], `caddyctl verify` against the live sites.

mod case;
pub mod coverage;
mod facts;
pub mod format;
mod init;
mod judge;
mod read;
mod routes;
mod run;
mod url;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::requests::date;
use caddyctl_language::source::secrets;

pub use case::{Case, Expected};
pub use facts::WithFacts;
pub use init::init;
pub use judge::{Judged, Verdict};
pub use read::{Fault, Invalid, Read, cases, parse, read};
pub use run::{Outcome, Score, State, run};
pub use url::{parse as url, upstream as upstream_url};

/// A file of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Where every site is reached; without it, where its name leads. `127.0.0.1` asks the Caddy of this machine.
    pub address: Option<IpAddr>,
    /// Lines such as `GET https://a.example/x -> localhost:8080`, which only the offline run decides.
    #[serde(default)]
    pub routes: String,
    /// What the offline run knows of the machine.
    #[serde(default)]
    pub facts: Assumed,
    /// Each `[[upstream]]`: an answer that the offline run assumes.
    #[serde(default)]
    pub upstream: Vec<Upstream>,
    /// Each `[[check]]`.
    #[serde(default)]
    pub check: Vec<Check>,
    /// The line that `routes` begins at, from 1.
    #[serde(skip)]
    pub routes_line: usize,
    /// How many lines of `routes` and checks [`Self::live`] left out.
    #[serde(skip)]
    pub offline_only: usize,
}

/// What the offline run knows of the machine, instead of what this machine has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumed {
    /// The address of the client; `127.0.0.1` without it.
    pub client: Option<IpAddr>,
    /// The time in UTC, such as `2024-01-02T03:04:05Z`, as seconds since 1970; without it, placeholders of the time stay open.
    #[serde(default, deserialize_with = "time")]
    pub time: Option<i64>,
    /// Files by their paths: contents, or `false` for one that does not exist. A path that ends with `/` is a folder.
    #[serde(default)]
    pub files: BTreeMap<String, File>,
}

/// A file that is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum File {
    /// It exists, with these contents.
    Contents(String),
    /// Whether it exists; it is empty then.
    Exists(bool),
}

/// An answer of an upstream that is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// The address that Caddy dials: `localhost:8080`, `unix//run/app.sock`.
    pub address: String,
    /// The status; 200 without it.
    #[serde(default, deserialize_with = "status")]
    pub status: Option<u16>,
    /// Header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body; without it, nothing is known of the body.
    pub body: Option<String>,
    /// Whether nothing listens there.
    #[serde(default)]
    pub refused: bool,
}

/// One request, and what has to come back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What is requested: `https://example.com/path`.
    pub url: String,
    /// What the check is called; without it, method and URL.
    pub name: Option<String>,
    /// The method; `GET` without it.
    #[serde(default = "get")]
    pub method: String,
    /// Headers of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body of the request.
    pub body: Option<String>,
    /// The address of the client. Only the offline run decides such a check.
    pub client: Option<IpAddr>,
    /// The status that has to come, or several of which one has to; without it any below 400, or 101 for a WebSocket.
    pub status: Option<Status>,
    /// Headers of the answer and the text that each has to contain.
    #[serde(default)]
    pub expect_headers: BTreeMap<String, String>,
    /// Text that the body has to contain.
    pub contains: Option<String>,
    /// Where the answer has to redirect to.
    pub redirect: Option<String>,
    /// Whether this is a WebSocket, which has to be upgraded; a text is sent through it and has to come back.
    #[serde(default)]
    pub websocket: WebSocket,
    /// The name that the certificate has to be good for, when it is not that of the URL.
    pub tls_name: Option<String>,
    /// Who has to be behind the answer: `localhost:8080`, `https://10.0.0.7:8443`, `unix//run/app.sock`. The live run asks it
    /// the same, and it has to answer the same.
    pub upstream: Option<String>,
    /// Seconds until it has to be answered; 10 without it.
    #[serde(default = "ten")]
    pub seconds: u64,
    /// How often to try again, a second later each time.
    #[serde(default)]
    pub retries: u32,
    /// The number of the line where the file has it, from 1.
    #[serde(skip)]
    pub line: usize,
}

/// The status that an answer may have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Status {
    /// This one.
    One(u16),
    /// One of these.
    OneOf(Vec<u16>),
}

/// Whether a check opens a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum WebSocket {
    /// `true` wants the upgrade, and nothing more.
    Upgrade(bool),
    /// A text that has to come back.
    Echo(String),
}

impl Default for WebSocket {
    fn default() -> Self {
        Self::Upgrade(false)
    }
}

fn get() -> String {
    "GET".to_owned()
}

fn ten() -> u64 {
    10
}

/// The words in front of ", expected" are not shown: see [`caddyctl_language::source::toml`].
fn status<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    let status = Some(u16::deserialize(from)?);
    let is_status = |status: &u16| (100..=999).contains(status);
    let wrong = || D::Error::custom("no status, expected a status code from 100 to 999");
    status.filter(is_status).map(Some).ok_or_else(wrong)
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let wrong = || D::Error::custom("no time, expected a time in UTC such as \"2024-01-02T03:04:05Z\"");
    date::rfc3339(&String::deserialize(from)?).map(Some).ok_or_else(wrong)
}

impl Checks {
    /// Without the checks that only the offline run decides: those with the address of a client.
    #[must_use]
    pub fn live(mut self) -> Self {
        let before = self.check.len();
        self.check.retain(|check| check.client.is_none());
        self.offline_only = routes::lines(&self.routes).count() + before - self.check.len();
        self
    }
}

impl Check {
    /// What it is called.
    pub fn shown(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{} {}", self.method, secrets::hide_within(&self.url)))
    }

    /// The name that its certificate has to be good for, where it asks for one.
    pub fn host(&self) -> Option<String> {
        let url = url::parse(&self.url).ok().filter(|url| url.scheme() == "https")?;
        self.tls_name.clone().or_else(|| url.host_str().map(str::to_owned))
    }

    /// Whether it opens a WebSocket.
    pub fn is_websocket(&self) -> bool {
        self.websocket != WebSocket::Upgrade(false)
    }

    /// Whether a redirect has to come, which Caddy itself sends.
    pub fn is_of_redirect(&self) -> bool {
        let is_redirect = |status: &u16| (300..400).contains(status);
        self.redirect.is_some()
            || match &self.status {
                Some(Status::One(status)) => is_redirect(status),
                Some(Status::OneOf(all)) => !all.is_empty() && all.iter().all(is_redirect),
                None => false,
            }
    }

    /// Whether its method changes nothing, so that it may be sent more than once (RFC 9110, "Safe Methods").
    pub fn is_safe(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
    }

    /// Whether it can be made at all; the error says why not.
    fn sound(&self) -> Result<(), String> {
        if !url::is_method(&self.method) {
            return Err(format!("`{}` is not a method", self.method));
        }
        let url = url::parse(&self.url)?;
        if url.host_str().is_none() {
            return Err(format!("`{url}` has no host"));
        }
        if self.is_websocket() && (self.method != "GET" || self.body.is_some()) {
            return Err("a WebSocket takes the method GET and no body".to_owned());
        }
        if let Some(upstream) = &self.upstream {
            url::upstream(upstream)?;
            if !self.is_safe() {
                return Err(format!(
                    "`upstream` repeats the request, so it does not work with `{}`",
                    self.method
                ));
            }
        }
        Ok(())
    }
}
