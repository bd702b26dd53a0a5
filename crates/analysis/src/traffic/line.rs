//! Lines of access logs: Caddy's JSON, and the common and the combined format of other servers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::requests::Request;

/// What Caddy writes instead of a value that it hides (Caddy docs, "log").
const REDACTED: &str = "REDACTED";

/// A request of a log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The request, as far as the log has it.
    pub request: Request,
    /// The status that was logged.
    pub status: Option<i64>,
    /// Whether the log hides a header.
    pub is_redacted: bool,
}

/// A malformed line: what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineError(pub &'static str);

/// Reads lines of logs.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The scheme and host of requests in formats that have none: whether TLS is used, and the host.
    pub host: Option<(bool, String)>,
}

#[derive(Deserialize)]
struct Logged<'l> {
    #[serde(borrow)]
    request: Option<LoggedRequest<'l>>,
    status: Option<i64>,
}

#[derive(Deserialize)]
struct LoggedRequest<'l> {
    #[serde(borrow)]
    remote_ip: Option<Cow<'l, str>>,
    #[serde(borrow)]
    remote_addr: Option<Cow<'l, str>>,
    #[serde(borrow)]
    proto: Option<Cow<'l, str>>,
    #[serde(borrow)]
    method: Option<Cow<'l, str>>,
    #[serde(borrow)]
    host: Option<Cow<'l, str>>,
    #[serde(borrow)]
    uri: Option<Cow<'l, str>>,
    headers: Option<BTreeMap<String, Values>>,
    #[serde(borrow)]
    tls: Option<LoggedTls<'l>>,
}

#[derive(Deserialize)]
struct LoggedTls<'l> {
    #[serde(borrow)]
    server_name: Option<Cow<'l, str>>,
}

/// The values of a header; a filter of a log may make them one text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Many(Vec<String>),
    One(String),
}

impl Lines {
    /// Reads a line; `None` for a line that does not describe a request, such as another message of Caddy.
    ///
    /// # Errors
    ///
    /// What was expected.
    pub fn read(&self, line: &[u8]) -> Result<Option<Entry>, LineError> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(None);
        }
        if line.starts_with(b"{") { json(line) } else { self.common(line) }
    }

    /// A line such as `192.0.2.1 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 5 "referer" "agent"`.
    fn common(&self, line: &[u8]) -> Result<Option<Entry>, LineError> {
        const FORM: LineError = LineError("a line of Caddy's JSON, the common or the combined log format");
        let text = String::from_utf8_lossy(line);
        let (before, rest) = text.split_once('[').ok_or(FORM)?;
        let (_, rest) = rest.split_once("] \"").ok_or(FORM)?;
        let (request, rest) = quoted(rest).ok_or(FORM)?;
        let mut words = before.split_whitespace();
        let mut client = words.next().ok_or(FORM)?;
        let mut host = self.host.clone();
        // Some servers write the host and the port in front.
        if client.parse::<std::net::IpAddr>().is_err()
            && let Some((name, port)) = client.rsplit_once(':')
            && let Some(next) = words.next()
        {
            host = Some((port == "443", name.to_owned()));
            client = next;
        }
        let (tls, name) = host.ok_or(LineError(
            "a log with the host of each request; name the host with --log-host for this format",
        ))?;
        let mut parts = request.split(' ');
        let (Some(method), Some(target)) = (parts.next(), parts.next()) else {
            // A client sent something else than HTTP.
            return Ok(None);
        };
        let version = parts.next().unwrap_or("HTTP/1.0");
        let mut rest = rest.trim_start().splitn(3, ' ');
        let status = rest.next().and_then(|status| status.parse().ok()).ok_or(FORM)?;
        let mut headers = Vec::new();
        if let Some((referer, agent)) = rest.nth(1).and_then(|rest| {
            let (referer, rest) = quoted(rest.trim_start().strip_prefix('"')?)?;
            let (agent, _) = quoted(rest.trim_start().strip_prefix('"')?)?;
            Some((referer, agent))
        }) {
            for (name, value) in [("Referer", referer), ("User-Agent", agent)] {
                if value != "-" {
                    headers.push((name.to_owned(), value.into_owned()));
                }
            }
        }
        let request = Request {
            tls,
            port: port_of(&name),
            host: Some(name),
            method: method.to_owned(),
            target: target.to_owned(),
            from: client.to_owned(),
            version: version_of(version),
            headers,
            ..Request::default()
        };
        Ok(Some(Entry { request, status: Some(status), is_redacted: false }))
    }
}

/// The text up to the closing quote, without escapes, and what comes after it.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut end = None;
    let mut escaped = false;
    let mut has_escapes = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => (escaped, has_escapes) = (true, true),
            b'"' => {
                end = Some(at);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let inside = &text[..end];
    let inside = if has_escapes {
        Cow::Owned(inside.replace("\\\"", "\"").replace("\\\\", "\\"))
    } else {
        Cow::Borrowed(inside)
    };
    Some((inside, &text[end + 1..]))
}

fn json(line: &[u8]) -> Result<Option<Entry>, LineError> {
    let logged: Logged<'_> =
        serde_json::from_slice(line).map_err(|_| LineError("a line of JSON as Caddy writes it"))?;
    let Some(request) = logged.request else { return Ok(None) };
    let (Some(method), Some(host), Some(uri)) = (request.method, request.host, request.uri) else {
        return Err(LineError("a request with `method`, `host` and `uri`"));
    };
    let mut is_redacted = false;
    let mut headers = Vec::new();
    for (name, values) in request.headers.into_iter().flatten() {
        let values = match values {
            Values::Many(values) => values,
            Values::One(value) => vec![value],
        };
        for value in values {
            is_redacted |= value == REDACTED;
            headers.push((name.clone(), value));
        }
    }
    let from = match (request.remote_ip, request.remote_addr) {
        (Some(ip), _) => ip.into_owned(),
        (None, Some(address)) => {
            let ip = address.rsplit_once(':').map_or(&*address, |(ip, _)| ip);
            ip.trim_matches(['[', ']']).to_owned()
        }
        (None, None) => "127.0.0.1".to_owned(),
    };
    let request = Request {
        tls: request.tls.is_some(),
        port: port_of(&host),
        host: Some(host.into_owned()),
        method: method.into_owned(),
        target: uri.into_owned(),
        from,
        version: version_of(request.proto.as_deref().unwrap_or("HTTP/1.1")),
        headers,
        sni: request.tls.and_then(|tls| tls.server_name).filter(|name| !name.is_empty()).map(Cow::into_owned),
        ..Request::default()
    };
    Ok(Some(Entry { request, status: logged.status.filter(|status| *status > 0), is_redacted }))
}

/// The port of a Host header.
fn port_of(host: &str) -> Option<u16> {
    let (name, port) = host.rsplit_once(':')?;
    if name.contains(':') && !name.ends_with(']') {
        return None;
    }
    port.parse().ok()
}

/// The version of HTTP as the model has it: later ones behave as 1.1.
fn version_of(proto: &str) -> String {
    if proto == "HTTP/1.0" { "1.0" } else { "1.1" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_three_formats() {
        let lines = Lines { host: Some((true, "a.test".to_owned())) };
        let read = |line: &str| lines.read(line.as_bytes());
        let caddy = r#"{"level":"info","ts":1.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.1","remote_port":"1","client_ip":"192.0.2.1","proto":"HTTP/2.0","method":"GET","host":"b.test:8443","uri":"/x?y","headers":{"Accept":["a","b"],"Cookie":["REDACTED"]},"tls":{"resumed":false,"version":772,"server_name":"b.test"}},"duration":0.1,"status":404}"#;
        let entry = read(caddy).unwrap().unwrap();
        assert!(entry.request.tls && entry.is_redacted);
        assert_eq!(
            (entry.request.port, entry.request.target.as_str(), entry.status),
            (Some(8443), "/x?y", Some(404))
        );
        assert_eq!(entry.request.headers.len(), 3);
        let common = r#"192.0.2.1 - kim [02/Jan/2026:03:04:05 +0000] "GET /a HTTP/1.0" 200 5"#;
        let entry = read(common).unwrap().unwrap();
        assert_eq!((entry.request.from.as_str(), entry.request.version.as_str()), ("192.0.2.1", "1.0"));
        assert_eq!(entry.request.host.as_deref(), Some("a.test"));
        let combined = format!("{common} \"https://o.test/\" \"Moz\\\"illa\"");
        let headers = read(&combined).unwrap().unwrap().request.headers;
        assert_eq!(headers[1], ("User-Agent".to_owned(), "Moz\"illa".to_owned()));
        let entry = read(&format!("c.test:443 {common}")).unwrap().unwrap();
        assert_eq!((entry.request.host.as_deref(), entry.request.tls), (Some("c.test"), true));
        assert!(read("").unwrap().is_none() && read(r#"{"msg":"started"}"#).unwrap().is_none());
        for wrong in ["{", "x", r#"{"request":{"method":"GET"}}"#, r#"1.2.3.4 - - [x] "GET / HTTP/1.1" ok"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(Lines::default().read(common.as_bytes()).is_err());
    }
}
