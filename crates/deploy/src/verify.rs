//! Requests against the served sites: `checks.toml` says what is asked and what has to come back.

mod answer;
mod bounds;
mod http;
mod upstream;
mod way;
mod websocket;

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use caddyctl_analysis::checks;
use serde::Serialize;

use answer::{Answer, judge};
pub use bounds::Bounds;
pub use caddyctl_analysis::checks::{Check, Checks, Invalid, Status, WebSocket};
use way::Way;

use crate::process::deadline::Deadline;
use crate::tls::Roots;
use caddyctl_language::source::secrets;

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
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A certificate to trust.
    #[error("cannot read the certificates to trust: {0}")]
    Roots(String),
}

/// Understands the text of a `checks.toml`; of its checks, those that can be asked of the live sites.
///
/// # Errors
///
/// The first part that is not as it should be.
pub fn parse(text: &str) -> Result<Checks, VerifyError> {
    Ok(checks::parse(text)?.live())
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
