//! Requests against the served sites: `checks.toml` says what is asked and what has to come back.

mod answer;
mod bounds;
mod http;
mod upstream;
mod way;
mod websocket;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use answer::{Answer, judge};
pub use bounds::Bounds;
use way::Way;

use crate::process::deadline::Deadline;
use crate::tls::Roots;
use caddyctl_language::source::{secrets, toml};

/// A file of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Where every site is reached; without it, where its name leads. `127.0.0.1` asks the Caddy of this machine.
    pub address: Option<IpAddr>,
    /// Each `[[check]]`.
    #[serde(default)]
    pub check: Vec<Check>,
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
    /// Who has to be behind the answer: `localhost:8080`, `https://10.0.0.7:8443`, `unix//run/app.sock`. It is asked the
    /// same, and has to answer the same.
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

/// How the names of the checks are reached, and what their certificates are trusted by.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Addresses that take the place of what a resolver would say, for a host and a port.
    pub resolve: Vec<(String, SocketAddr)>,
    /// Certificates in PEM to trust in addition to those of the system.
    pub roots: Vec<Vec<u8>>,
    /// Authorities that are trusted for some names only.
    pub internal: Vec<Internal>,
    /// What the checks may reach; without it, anything. Those of a source are asked within the configuration's own.
    pub bounds: Option<Bounds>,
}

/// An authority that Caddy itself is, and the names that it signs.
#[derive(Clone, Debug, Default)]
pub struct Internal {
    /// The names.
    pub names: Vec<String>,
    /// Its root certificate in PEM.
    pub root: Vec<u8>,
}

impl Internal {
    fn has(&self, host: &str) -> bool {
        self.names.iter().any(|name| name == host)
    }
}

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What the check is called.
    pub name: String,
    /// What was wrong; `None` when all was as it should be.
    pub fault: Option<String>,
    /// Milliseconds that the last try took.
    pub millis: u128,
}

/// Checks that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
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
    /// A certificate to trust.
    #[error("cannot read the certificates to trust: {0}")]
    Roots(String),
}

/// The most checks of a file: each has a thread.
const MOST: usize = 500;

/// The checks of a file by their places.
#[derive(Deserialize)]
struct Places {
    #[serde(default)]
    check: Vec<::toml::Spanned<serde::de::IgnoredAny>>,
}

/// Understands the text of a `checks.toml`.
pub fn parse(text: &str) -> Result<Checks, VerifyError> {
    let mut checks: Checks = toml::parse(text)?;
    if checks.check.len() > MOST {
        return Err(VerifyError::Many);
    }
    let places: Places = toml::parse(text)?;
    for (check, place) in checks.check.iter_mut().zip(places.check) {
        let before = text.as_bytes().iter().take(place.span().start);
        check.line = before.filter(|byte| **byte == b'\n').count() + 1;
    }
    for check in &checks.check {
        check
            .sound()
            .map_err(|what| VerifyError::Check { name: check.shown(), what: secrets::hide_within(&what) })?;
    }
    Ok(checks)
}

/// Makes all checks, side by side; outcomes are in the order of the checks.
pub fn verify(checks: &Checks, reach: &Reach) -> Result<Vec<Outcome>, VerifyError> {
    verify_until(checks, reach, None)
}

/// The same; when `until` has passed, nothing is tried again. A check has all its tries until then, one a second, however
/// long each may take.
pub fn verify_until(
    checks: &Checks,
    reach: &Reach,
    until: Option<Deadline>,
) -> Result<Vec<Outcome>, VerifyError> {
    let roots = Roots::new(&reach.roots).map_err(VerifyError::Roots)?;
    let make = &|check: &Check| {
        // The authority of a Caddy is trusted for the names that it signs, and for no other.
        let internal =
            reach.internal.iter().find(|internal| check.host().is_some_and(|host| internal.has(&host)));
        let own = internal
            .map(|internal| Roots::new(&[&reach.roots[..], std::slice::from_ref(&internal.root)].concat()));
        let own = own.and_then(Result::ok);
        run(check, until, &|within| ask(check, within, checks.address, reach, own.as_ref().unwrap_or(&roots)))
    };
    Ok(std::thread::scope(|scope| {
        let start = |check| std::thread::Builder::new().spawn_scoped(scope, move || make(check)).ok();
        let running: Vec<_> = checks.check.iter().map(start).collect();
        // A thread of ours does not panic; should one, or should there be none to have, its check has failed.
        let outcomes = running.into_iter().zip(&checks.check).map(|(thread, check)| {
            thread.and_then(|thread| thread.join().ok()).unwrap_or_else(|| Outcome {
                name: check.shown(),
                fault: Some("the check was interrupted".to_owned()),
                millis: 0,
            })
        });
        outcomes.collect()
    }))
}

/// Asks `upstream` for what `check` asks its site for, past Caddy. `Ok` when it answers as the check wants.
pub(crate) fn directly(check: &Check, upstream: &str, bounds: Option<&Bounds>) -> Result<(), String> {
    let roots = Roots::new(&[])?;
    let deadline = Deadline::after(Duration::from_secs(check.seconds));
    judge(check, &upstream::ask(check, upstream, bounds, &roots, deadline)?)
}

impl Check {
    /// What it is called.
    pub fn shown(&self) -> String {
        self.name.clone().unwrap_or_else(|| format!("{} {}", self.method, secrets::hide_within(&self.url)))
    }

    /// The name that its certificate has to be good for, where it asks for one.
    pub fn host(&self) -> Option<String> {
        let url = way::parse(&self.url).ok().filter(|url| matches!(url.scheme(), "https" | "wss"))?;
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

    /// Whether its method changes nothing, so that it may be sent more than once.
    pub fn is_safe(&self) -> bool {
        http::method(&self.method).is_ok_and(|method| method.is_safe())
    }

    /// Whether it can be made at all; the error says why not.
    fn sound(&self) -> Result<(), String> {
        let method = http::method(&self.method)?;
        Way::to_site(self, None, &Reach::default())?;
        if self.is_websocket() && (method != "GET" || self.body.is_some()) {
            return Err("a WebSocket takes the method GET and no body".to_owned());
        }
        if let Some(upstream) = &self.upstream {
            upstream::way(self, upstream)?;
            if !method.is_safe() {
                return Err(format!("`upstream` repeats the request, so it does not work with `{method}`"));
            }
        }
        Ok(())
    }
}

fn run(check: &Check, until: Option<Deadline>, ask: &dyn Fn(Duration) -> Result<(), String>) -> Outcome {
    let mut tries = 0;
    let whole = Duration::from_secs(check.seconds);
    loop {
        let begun = Instant::now();
        let within = until.map_or(whole, |until| whole.min(until.left_or(Duration::from_secs(1))));
        let fault = ask(within).err();
        let millis = begun.elapsed().as_millis();
        let is_over = until.is_some_and(|until| until.left() < Duration::from_secs(1));
        let is_final = fault.as_ref().is_none_or(|fault| crate::tls::is_final(fault));
        if is_final || tries >= check.retries || is_over {
            // What a server or a library says may quote the URL.
            let fault = fault.map(|fault| secrets::hide_within(&fault));
            return Outcome { name: check.shown(), fault, millis };
        }
        tries += 1;
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn ask(
    check: &Check,
    within: Duration,
    address: Option<IpAddr>,
    reach: &Reach,
    roots: &Roots,
) -> Result<(), String> {
    let deadline = Deadline::after(within);
    let bounds = reach.bounds.as_ref();
    let way = match bounds {
        Some(bounds) => bounds.site(check, address, reach)?,
        None => Way::to_site(check, address, reach)?,
    };
    let answer = send(check, &way, roots, deadline)?;
    judge(check, &answer)?;
    match &check.upstream {
        Some(upstream) => upstream::compare(check, upstream, &answer, bounds, roots, deadline),
        None => Ok(()),
    }
}

fn send(check: &Check, way: &Way, roots: &Roots, deadline: Deadline) -> Result<Answer, String> {
    if check.is_websocket() {
        websocket::ask(check, way, roots, deadline)
    } else {
        http::ask(check, way, roots, deadline)
    }
}

#[cfg(test)]
mod tests;
