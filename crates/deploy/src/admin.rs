//! The client of Caddy's admin API: `GET /config/` and `POST /load`, each with a deadline.

pub mod address;
pub mod known;
pub mod peer;
pub mod refusal;
pub mod running;

use std::io::Read as _;
use std::thread;
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::process::deadline::Deadline;
use address::{Address, Endpoint};
use caddyctl_language::config::{ReadError, Room, read_within};
use caddyctl_language::source::Limits;

/// The text of a configuration is at most this part of the memory that its values may take.
pub(super) const TEXT_PART: usize = 4;

/// More than this is not read of an answer in words (bytes).
const LARGEST_WORDS: u64 = 1 << 20;

/// What can go wrong between here and the admin API.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// Nothing answers: no connection could be made, so nothing was changed.
    #[error("no response from the admin address {address}: {reason}")]
    Unreachable {
        /// The address.
        address: Address,
        /// The system's error.
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
    #[error("the response of {address} is not from Caddy: {what}")]
    Garbage {
        /// The address.
        address: Address,
        /// What was wrong with it.
        what: String,
    },
    /// The service listens at none of the addresses that are known. Nothing was sent.
    #[error("Caddy listens on none of the known admin addresses: {}", listed(ruled_out))]
    Nowhere {
        /// Those that were tried.
        ruled_out: Vec<Address>,
    },
    /// More came than is read.
    #[error("the configuration from {address} is too large: {what}")]
    TooLarge {
        /// The address.
        address: Address,
        /// What is larger than which limit.
        what: String,
    },
    /// A process of somebody else listens there. Nothing was sent.
    #[error("the process that listens on {address} belongs to user {uid}, not to root or the service's user")]
    OtherUser {
        /// The address.
        address: Address,
        /// Whose process it is.
        uid: u32,
    },
    /// No answer in time. A load may still be under way.
    #[error("no response from {address} within {within:.0?}")]
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
        /// The system's error.
        reason: String,
    },
}

fn listed(addresses: &[Address]) -> String {
    let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// Caddy's answer when it refuses something.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl AdminError {
    /// Whether there was nobody to ask, so that nothing was changed.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Nowhere { .. })
    }

    /// What to do about it, beyond what is true now.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Unreachable { .. } => Some(
                "check that Caddy is running and that this is its admin address; set another one with --admin",
            ),
            Self::Nowhere { .. } => Some(
                "these addresses are from the running, the installed and the new configuration, CADDY_ADMIN, and \
                 Caddy's default; set another one with --admin",
            ),
            Self::TooLarge { .. } => {
                Some("check that this is Caddy's admin API; `--raise-limits 10` allows ten times as much")
            }
            Self::OtherUser { .. } => Some(
                "the configuration, with its secrets, was not sent; set another address with --admin, or allow this \
                 user with --admin-user",
            ),
            Self::TimedOut { .. } => Some("an earlier load may be stuck: run `systemctl restart caddy`"),
            Self::Garbage { .. } => Some("set another address with --admin"),
            Self::Refused { .. } | Self::Lost { .. } => None,
        }
    }

    /// Whether a load that ended like this may have been applied all the same.
    pub fn is_ambiguous(&self) -> bool {
        matches!(self, Self::TimedOut { .. } | Self::Lost { .. } | Self::Garbage { .. })
    }
}

/// A client of one admin address. Making one connects to nothing.
#[derive(Clone, Debug)]
pub struct Admin {
    address: Address,
    client: Connection,
    memory: usize,
}

/// An HTTP client. Its own thread ends with the last answer, and an answer that goes on for ever keeps it: whoever drops the client
/// would wait for that, past every deadline, so another thread does.
#[derive(Clone, Debug)]
struct Connection(Option<Client>);

impl Drop for Connection {
    fn drop(&mut self) {
        let client = self.0.take();
        // Without a thread it is dropped here, which is no worse than late.
        let _ = thread::Builder::new().spawn(move || drop(client));
    }
}

impl Admin {
    /// A client for `address`. Proxies of the environment and redirects are not followed.
    pub fn new(address: Address) -> Result<Self, AdminError> {
        crate::tls::prepare();
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
            Ok(client) => {
                Ok(Self { address, client: Connection(Some(client)), memory: Limits::default().memory })
            }
            Err(error) => Err(AdminError::Unreachable { address, reason: root_cause(&error) }),
        }
    }

    /// The same, for configurations whose values take so much memory (bytes).
    #[must_use]
    pub fn with_memory(self, memory: usize) -> Self {
        Self { memory, ..self }
    }

    /// The client, which is there until this is dropped.
    fn client(&self) -> Result<&Client, AdminError> {
        let closed =
            || AdminError::Unreachable { address: self.address.clone(), reason: "it is closed".to_owned() };
        self.client.0.as_ref().ok_or_else(closed)
    }

    /// Where it connects.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The running configuration; `Null` when Caddy runs without one. It waits for a load that is under way.
    pub fn config(&self, within: Duration) -> Result<Value, AdminError> {
        let deadline = Deadline::after(within);
        let client = self.client()?;
        let response = self.send(within, || client.get(self.address.url("/config/")))?;
        let most = self.memory / TEXT_PART;
        let Some(bytes) = self.body(response, most as u64, within)? else {
            return Err(self.too_large(format!("it is larger than {} MiB", most >> 20)));
        };
        let room = Room { is_over: &|| deadline.has_passed(), ..crate::json::room(self.memory) };
        read_within(&bytes, room).map_err(|error| match error {
            ReadError::TooLarge(_) => self.too_large(error.to_string()),
            ReadError::OutOfTime => AdminError::TimedOut { address: self.address.clone(), within },
            _ => self.garbage(format!("not JSON ({error})")),
        })
    }

    /// The root certificate (PEM) of the authority `id` that Caddy itself is.
    pub fn authority(&self, id: &str, within: Duration) -> Result<Vec<u8>, AdminError> {
        let client = self.client()?;
        let response = self.send(within, || client.get(self.address.url(&format!("/pki/ca/{id}"))))?;
        let bytes = self.body(response, LARGEST_WORDS, within)?.unwrap_or_default();
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let pem = answer["root_certificate"].as_str();
        pem.map(|pem| pem.as_bytes().to_vec())
            .ok_or_else(|| self.garbage("it has no root certificate".to_owned()))
    }

    /// Loads `json` in place of the whole configuration. `force` reloads even when nothing changed.
    ///
    /// After an [ambiguous](AdminError::is_ambiguous) error the caller must read the configuration back.
    pub fn load(&self, json: &[u8], force: bool, within: Duration) -> Result<(), AdminError> {
        let client = self.client()?;
        let response = self.send(within, || {
            let request = client.post(self.address.url("/load")).header("Content-Type", "application/json");
            let request = if force { request.header("Cache-Control", "must-revalidate") } else { request };
            request.body(json.to_vec())
        })?;
        // Caddy's answer to a load that worked is empty; a 200 with words in it comes from something else.
        match self.body(response, LARGEST_WORDS, within)? {
            Some(body) if body.iter().all(u8::is_ascii_whitespace) => Ok(()),
            _ => Err(self.garbage("a load that works has an empty answer".to_owned())),
        }
    }

    /// Sends as `caddy reload` does: over TCP with an `Origin`, which `enforce_origin` wants and `origins` may refuse. Where
    /// Caddy does not take it so, it is sent once more the other way round.
    fn send(&self, within: Duration, request: impl Fn() -> RequestBuilder) -> Result<Response, AdminError> {
        let ask = |has_origin: bool| {
            let mut built = request().header("Host", self.address.host()).timeout(within);
            if has_origin {
                built = built.header("Origin", format!("http://{}", self.address.host()));
            }
            let response = built.send().map_err(|error| self.fault(&error, within))?;
            self.judge(response, within)
        };
        let has_origin = matches!(self.address.endpoint(), Endpoint::Tcp(..));
        match ask(has_origin) {
            Err(AdminError::Refused { status: 403, message }) if message.contains("origin") => {
                ask(!has_origin)
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
        let bytes = self.body(response, LARGEST_WORDS, within)?.unwrap_or_default();
        match serde_json::from_slice(&bytes).ok() {
            Some(Refusal { error }) => {
                Err(AdminError::Refused { status, message: refusal::readable(&error) })
            }
            None => Err(self.garbage(format!("status {status} without an `error`"))),
        }
    }

    /// The bytes of an answer; `None` when there are more than `most`.
    fn body(&self, response: Response, most: u64, within: Duration) -> Result<Option<Vec<u8>>, AdminError> {
        let mut bytes = Vec::new();
        let read = response.take(most.saturating_add(1)).read_to_end(&mut bytes);
        match read {
            Ok(_) if bytes.len() as u64 > most => Ok(None),
            Ok(_) => Ok(Some(bytes)),
            Err(error) if is_timeout(&error) => {
                Err(AdminError::TimedOut { address: self.address.clone(), within })
            }
            Err(error) => Err(AdminError::Lost { address: self.address.clone(), reason: root_cause(&error) }),
        }
    }

    fn too_large(&self, what: String) -> AdminError {
        AdminError::TooLarge { address: self.address.clone(), what }
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
