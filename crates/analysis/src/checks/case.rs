//! One request of a file of checks, and what its answer must be.

use super::{Check, Checks, Status, WebSocket, url};
use crate::requests::{Reply, Request};

/// One request, and what its answer must be.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The line of the file that has it, from 1.
    pub line: usize,
    /// The request.
    pub request: Request,
    /// What the answer must be.
    pub expected: Vec<Expected>,
    /// Whether a WebSocket is opened: an upstream is assumed to upgrade.
    pub is_websocket: bool,
}

/// What an answer must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// One of these statuses.
    Status(Vec<u16>),
    /// A status below 400.
    Success,
    /// The status 101.
    Upgrade,
    /// A redirect to this address.
    Redirect(String),
    /// A header that contains a text.
    Header(String, String),
    /// A body that contains this text.
    Contains(String),
    /// The answer of this upstream.
    Upstream(String),
    /// This request target at the upstream.
    Target(String),
    /// This file.
    File(String),
    /// A text that comes back through a WebSocket.
    Echo,
    /// A connection that Caddy closes without an answer.
    Closed,
}

impl Expected {
    /// What is looked at.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Status(_) | Self::Success | Self::Upgrade => "status",
            Self::Redirect(_) => "redirect",
            Self::Header(..) => "header",
            Self::Contains(_) => "body",
            Self::Upstream(_) => "upstream",
            Self::Target(_) => "target",
            Self::File(_) => "file",
            Self::Echo => "echo",
            Self::Closed => "answer",
        }
    }

    /// What is expected, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Status(all) => {
                let all: Vec<String> = all.iter().map(u16::to_string).collect();
                all.join(" or ")
            }
            Self::Success => "below 400".to_owned(),
            Self::Upgrade => "101".to_owned(),
            Self::Redirect(to) => to.clone(),
            Self::Header(name, text) => format!("`{text}` in {name}"),
            Self::Contains(text) => format!("`{text}` in it"),
            Self::Upstream(address) => address.clone(),
            Self::Target(target) => target.clone(),
            Self::File(path) => path.clone(),
            Self::Echo => "the text that was sent".to_owned(),
            Self::Closed => "a closed connection".to_owned(),
        }
    }
}

impl Case {
    /// The case of a check.
    pub(super) fn of_check(check: &Check, checks: &Checks) -> Result<Self, String> {
        let url = url::parse(&check.url)?;
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut request = Request {
            tls: url.scheme() == "https",
            host: Some(authority),
            method: check.method.clone(),
            target,
            body: check.body.clone().unwrap_or_default(),
            port: url.port(),
            sni: check.tls_name.clone(),
            ..base(checks)
        };
        if let Some(client) = check.client {
            request.from = client.to_string();
        }
        if check.is_websocket() {
            for (name, value) in [
                ("Connection", "Upgrade"),
                ("Upgrade", "websocket"),
                ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] {
                request.headers.push((name.to_owned(), value.to_owned()));
            }
        } else if !check.headers.keys().any(|name| name.eq_ignore_ascii_case("Accept")) {
            request.headers.push(("Accept".to_owned(), "*/*".to_owned()));
        }
        for (name, value) in &check.headers {
            if name.eq_ignore_ascii_case("Host") {
                request.host = Some(value.clone());
            } else {
                request.headers.push((name.clone(), value.clone()));
            }
        }
        let mut expected = vec![match &check.status {
            Some(Status::One(status)) => Expected::Status(vec![*status]),
            Some(Status::OneOf(all)) => Expected::Status(all.clone()),
            None if check.is_websocket() => Expected::Upgrade,
            None => Expected::Success,
        }];
        expected.extend(check.redirect.clone().map(Expected::Redirect));
        let headers = check.expect_headers.iter();
        expected.extend(headers.map(|(name, text)| Expected::Header(name.clone(), text.clone())));
        expected.extend(check.contains.clone().map(Expected::Contains));
        expected.extend(check.upstream.clone().map(Expected::Upstream));
        if matches!(check.websocket, WebSocket::Echo(_)) {
            expected.push(Expected::Echo);
        }
        Ok(Self {
            name: check.shown(),
            line: check.line,
            request,
            expected,
            is_websocket: check.is_websocket(),
        })
    }
}

/// A request with what the file assumes for all of them.
pub(super) fn base(checks: &Checks) -> Request {
    let mut request = Request::default();
    if let Some(address) = checks.address {
        request.to = address.to_string();
    }
    if let Some(client) = checks.facts.client {
        request.from = client.to_string();
    }
    for upstream in &checks.upstream {
        let mut reply = Reply { refused: upstream.refused, ..Reply::default() };
        reply.status = upstream.status.map_or(reply.status, i64::from);
        if upstream.headers.keys().any(|name| name.eq_ignore_ascii_case("Content-Type")) {
            reply.headers.clear();
        }
        let headers = upstream.headers.iter();
        reply.headers.extend(headers.map(|(name, value)| (name.clone(), value.clone())));
        reply.body = upstream.body.clone().unwrap_or(reply.body);
        request.replies.insert(upstream.address.clone(), reply);
    }
    request
}
