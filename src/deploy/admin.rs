//! The client of Caddy's admin API: `GET /config/` and `POST /load`, each with a deadline.

use std::io::Read as _;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::Value;

use super::address::{Address, Endpoint};

/// More than this is no configuration: the answer is given up (bytes).
const LARGEST_ANSWER: u64 = 256 << 20;

/// What can go wrong between here and the admin API.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AdminError {
    /// Nothing answers: no connection could be made, so nothing was changed.
    #[error("nothing answers at the admin address {address}: {reason}")]
    Unreachable {
        /// The address.
        address: Address,
        /// What the system said.
        reason: String,
    },
    /// Caddy answered that it will not; the old configuration goes on serving.
    #[error("caddy refused (status {status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Caddy's own words.
        message: String,
    },
    /// An answer that is not Caddy's.
    #[error("the answer of {address} is not one of caddy's: {what}")]
    Garbage {
        /// The address.
        address: Address,
        /// What was wrong with it.
        what: String,
    },
    /// A process of somebody else listens there. Nothing was sent.
    #[error(
        "the process that listens at {address} belongs to user {uid}, and neither to root nor to the service's user"
    )]
    OtherUser {
        /// The address.
        address: Address,
        /// Whose process it is.
        uid: u32,
    },
    /// No answer in time. A load may still be under way.
    #[error("{address} gave no answer within {within:.0?}")]
    TimedOut {
        /// The address.
        address: Address,
        /// The deadline that passed.
        within: Duration,
    },
    /// The connection was lost after the request was sent. A load may have happened or not.
    #[error("the connection to {address} was lost after the request was sent: {reason}")]
    Lost {
        /// The address.
        address: Address,
        /// What the system said.
        reason: String,
    },
}

impl AdminError {
    /// Whether a load that ended like this may have been applied all the same.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::TimedOut { .. } | Self::Lost { .. } | Self::Garbage { .. })
    }
}

/// A client of one admin address. Making one connects to nothing.
#[derive(Clone, Debug)]
pub struct Admin {
    address: Address,
    client: Client,
}

impl Admin {
    /// A client for `address`. Proxies of the environment and redirects are not followed.
    pub fn new(address: Address) -> Result<Self, AdminError> {
        super::tls::prepare();
        let mut builder = Client::builder()
            // The admin API is plain HTTP: the system's certificates need not be read.
            .tls_certs_only([])
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .pool_max_idle_per_host(0)
            .http1_only();
        if let Endpoint::Unix(path) = address.endpoint() {
            builder = builder.unix_socket(path.as_path());
        }
        match builder.build() {
            Ok(client) => Ok(Self { address, client }),
            Err(error) => Err(AdminError::Unreachable { address, reason: root_cause(&error) }),
        }
    }

    /// Where it connects.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The running configuration; `Null` when Caddy runs without one. It waits for a load that is under way.
    pub fn config(&self, within: Duration) -> Result<Value, AdminError> {
        let response = self.send(within, || self.client.get(self.address.url("/config/")))?;
        let bytes = self.body(response, within)?;
        crate::config::read(&bytes).map_err(|error| self.garbage(format!("not JSON ({error})")))
    }

    /// Loads `json` in place of the whole configuration. `force` reloads even when nothing changed.
    ///
    /// After an [ambiguous](AdminError::is_ambiguous) error the caller must read the configuration back.
    pub fn load(&self, json: &[u8], force: bool, within: Duration) -> Result<(), AdminError> {
        let response = self.send(within, || {
            let request =
                self.client.post(self.address.url("/load")).header("Content-Type", "application/json");
            let request = if force { request.header("Cache-Control", "must-revalidate") } else { request };
            request.body(json.to_vec())
        })?;
        // Caddy's answer to a load that worked is empty; a 200 with words in it comes from something else.
        match self.body(response, within)? {
            body if body.iter().all(u8::is_ascii_whitespace) => Ok(()),
            _ => Err(self.garbage("a load that works has an empty answer".to_owned())),
        }
    }

    /// Sends; again with an `Origin` when Caddy asks for one (`enforce_origin`).
    fn send(&self, within: Duration, request: impl Fn() -> RequestBuilder) -> Result<Response, AdminError> {
        let built = || request().header("Host", self.address.host()).timeout(within);
        let response = built().send().map_err(|error| self.fault(&error, within))?;
        match self.judge(response, within) {
            Err(AdminError::Refused { status: 403, message }) if message.contains("Origin") => {
                let origin = format!("http://{}", self.address.host());
                let response =
                    built().header("Origin", origin).send().map_err(|error| self.fault(&error, within))?;
                self.judge(response, within)
            }
            other => other,
        }
    }

    /// A response with status 200, or the reason there is none.
    fn judge(&self, response: Response, within: Duration) -> Result<Response, AdminError> {
        let status = response.status().as_u16();
        if status == 200 {
            return Ok(response);
        }
        let bytes = self.body(response, within)?;
        let words = serde_json::from_slice::<Value>(&bytes).ok();
        match words.as_ref().and_then(|body| body["error"].as_str()) {
            Some(message) => Err(AdminError::Refused { status, message: message.to_owned() }),
            None => Err(self.garbage(format!("status {status} without an `error`"))),
        }
    }

    fn body(&self, response: Response, within: Duration) -> Result<Vec<u8>, AdminError> {
        let mut bytes = Vec::new();
        let read = response.take(LARGEST_ANSWER).read_to_end(&mut bytes);
        match read {
            Ok(_) => Ok(bytes),
            Err(error) if is_timeout(&error) => {
                Err(AdminError::TimedOut { address: self.address.clone(), within })
            }
            Err(error) => Err(AdminError::Lost { address: self.address.clone(), reason: root_cause(&error) }),
        }
    }

    fn garbage(&self, what: String) -> AdminError {
        AdminError::Garbage { address: self.address.clone(), what }
    }

    fn fault(&self, error: &reqwest::Error, within: Duration) -> AdminError {
        let address = self.address.clone();
        if error.is_connect() && !error.is_timeout() {
            AdminError::Unreachable { address, reason: root_cause(error) }
        } else if error.is_timeout() {
            AdminError::TimedOut { address, within }
        } else if chain(error).any(is_io) || is_cut(error) {
            AdminError::Lost { address, reason: root_cause(error) }
        } else {
            AdminError::Garbage { address, what: root_cause(error) }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    let inside = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    error.kind() == std::io::ErrorKind::TimedOut || inside.is_some_and(reqwest::Error::is_timeout)
}

fn is_io(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<std::io::Error>()
}

/// Hyper's words for a connection that ended in the middle of a message; it has no public type for them here.
fn is_cut(error: &reqwest::Error) -> bool {
    let words = root_cause(error);
    words.contains("connection closed") || words.contains("incomplete")
}

fn chain<'e>(
    error: &'e (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'e (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |error| error.source())
}

/// The innermost cause, which is what a person can act on.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
