//! A request as Caddy's handlers see it.

use super::fields::Fields;
use super::url::Url;

/// A request, which handlers change.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) method: String,
    pub(super) url: Url,
    /// The request target, as sent or as a rewrite made it.
    pub(super) request_uri: String,
    pub(super) host: String,
    pub(super) headers: Fields,
    pub(super) body: Body,
    /// The minor version of HTTP/1.
    pub(super) minor: u32,
    pub(super) transfer_encoding: Vec<String>,
}

/// A body, and how much of it may be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pub(super) text: String,
    /// The most bytes that a reader gets; reading more is an error.
    pub(super) limit: Option<u64>,
    /// Whether there is none, or its length is 0.
    pub(super) is_empty: bool,
    /// Whether it has no announced length.
    pub(super) is_chunked: bool,
    /// Whether it was sent to an upstream already.
    pub(super) is_spent: bool,
}

impl Body {
    /// Whether reading it is an error.
    pub(super) fn is_too_large(&self) -> bool {
        self.limit.is_some_and(|limit| super::text::len(&self.text) as u64 > limit)
    }
}

/// The connection that a request came over.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection {
    pub(super) tls: bool,
    /// The TLS server name; empty without one.
    pub(super) sni: String,
    /// The address of the client.
    pub(super) client: String,
    /// The address and port that were connected to.
    pub(super) local: String,
    pub(super) port: u16,
}

/// The method, target and URL before any rewrite.
#[derive(Clone, Debug, Default)]
pub(super) struct Original {
    pub(super) method: String,
    pub(super) request_uri: String,
    pub(super) url: Url,
}

/// The parts of `host:port`; the whole text where it has no port.
pub(super) fn host_of(text: &str) -> String {
    caddyctl_language::go::split_host_port(text).map_or_else(|| text.to_owned(), |(host, _)| host)
}

/// An address with a port, in brackets where it has colons.
pub(super) fn with_port(host: &str, port: impl std::fmt::Display) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// The cookies of a request: names and values, quotes cut.
pub(super) fn cookies(headers: &Fields) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.values("Cookie").unwrap_or_default().iter();
    lines.flat_map(|line| line.split(';')).filter_map(|part| {
        let part = part.trim_matches([' ', '\t']);
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim_matches([' ', '\t']);
        if !super::fields::is_token(name) {
            return None;
        }
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        let allowed = |byte: u8| (0x20..0x7f).contains(&byte) && !matches!(byte, b'"' | b';' | b'\\');
        value.bytes().all(allowed).then_some((name, value))
    })
}
