//! What a client gets, and how it came to that.

use super::fields::Fields;
use super::layers::Output;
use super::listen::NoAnswer;
use super::notes::{Step, Undecided};
use super::program::Place;
use super::sniff;
use super::state::Visit;
use super::status;
use super::text;

/// Go's server announces the length of what fits its buffer (bytes).
const BUFFER: usize = 2048;

/// What a client gets.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status; 0 without an answer.
    pub status: i64,
    /// Header fields, as the client gets them.
    pub headers: Fields,
    /// The body, if Caddy made it: `None` if it is an upstream's, or not computed.
    pub body: Option<String>,
    /// Why there is no answer.
    pub none: Option<NoAnswer>,
    /// Requests to upstreams, in order.
    pub visits: Vec<Visit>,
    /// The one of them whose answer the client gets.
    pub answered_by: Option<usize>,
    /// Where the handler stands that wrote the answer.
    pub place: Option<Place>,
    /// The file that is served: its absolute path.
    pub file: Option<String>,
    /// The server that answered: its name in the JSON.
    pub server: String,
    /// Whether fewer bytes are sent than announced.
    pub is_truncated: bool,
    /// What could not be decided, and what was assumed.
    pub undecided: Vec<Undecided>,
    /// What the model does not know, if it had to stop there.
    pub unknown: Option<String>,
    /// The JSON pointers of the routes that took the request, of their matchers, and of the handlers that ran, if the steps
    /// were asked for.
    pub reached: Vec<String>,
    /// What happened, in order, if it was asked for.
    pub steps: Vec<Step>,
}

impl Answer {
    /// No answer.
    pub(super) fn none(why: NoAnswer) -> Self {
        Self { none: Some(why), ..Self::default() }
    }

    /// An answer of Go's server itself.
    pub(super) fn bare(status: i64, body: &str) -> Self {
        let mut headers = Fields::default();
        if !body.is_empty() && body != "Client sent an HTTP request to an HTTPS server.\n" {
            headers.set("Content-Type", "text/plain; charset=utf-8");
        }
        Self { status, headers, body: Some(body.to_owned()), ..Self::default() }
    }

    /// The value of the Location header.
    pub fn location(&self) -> Option<&str> {
        self.headers.values("Location").and_then(|values| values.first()).map(String::as_str)
    }

    /// Whether the client gets an upstream's answer.
    pub fn is_upstream(&self) -> bool {
        self.answered_by.is_some()
    }

    /// Takes over what was written, as Go's server sends it.
    pub(super) fn write(&mut self, output: Output, headers: Fields, method: &str) {
        let is_head = method == "HEAD";
        let written = output.status.is_some();
        self.status = output.status.unwrap_or(200);
        let mut headers = if written { output.headers } else { headers };
        let has_body = status::has_body(self.status);
        let length = output.body.len();
        if self.status == 304 {
            headers.take("Content-Type");
        }
        if has_body
            && !headers.has("Content-Type")
            && headers.first("Content-Encoding").is_empty()
            && !headers.has("Transfer-Encoding")
            && length > 0
        {
            headers.set("Content-Type", sniff::media_type_of(&output.body, &output.compression));
        }
        if !has_body {
            headers.take("Content-Length");
        } else if headers.first("Content-Length").is_empty()
            && !output.is_unknown
            && !output.is_upstream
            && length < BUFFER
            && (!is_head || length > 0)
        {
            headers.set("Content-Length", length.to_string());
        }
        for (name, values) in headers.iter() {
            if values.is_empty() || !super::fields::is_token(name) {
                continue;
            }
            let clean = values.iter().map(|value| {
                let value = value.replace(['\r', '\n'], " ");
                value.trim_matches([' ', '\t']).to_owned()
            });
            self.headers.put(name, clean.collect());
        }
        self.is_truncated = output.is_truncated;
        let is_passed_on = output.is_upstream || (self.answered_by.is_some() && length == 0);
        if is_passed_on {
            // The body of an upstream is assumed, and its length with it.
            self.headers.take("Content-Length");
        }
        self.body = if is_head || !has_body {
            Some(String::new()).filter(|_| !is_passed_on)
        } else if is_passed_on || output.is_unknown {
            None
        } else {
            Some(text::of_bytes(&output.body))
        };
    }
}
