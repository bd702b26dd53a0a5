//! What Go's HTTP server does with a request before Caddy sees it. Rules measured on Caddy 2.11.7.

use super::fields::{Fields, is_token};
use super::input::Request;
use super::message::{Body, Message};
use super::url::Url;
use caddyctl_language::go::canonical_header;

/// The most bytes of a request's header.
const LARGEST: usize = (1 << 20) + 4096;

/// An answer of Go's server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: i64,
    pub(super) body: &'static str,
}

const BAD: Refusal = Refusal { status: 400, body: "400 Bad Request" };

/// The request as handlers see it, or the answer of Go's server.
pub(super) fn admit(request: &Request) -> Result<Message, Refusal> {
    let line_is_sound =
        is_token(&request.method) && !request.target.is_empty() && !request.target.contains(' ');
    let mut digits = request.version.split('.');
    let version = match (digits.next(), digits.next(), digits.next()) {
        (Some(major), Some(minor), None) if major.len() == 1 && minor.len() == 1 => {
            major.parse::<u32>().ok().zip(minor.parse::<u32>().ok())
        }
        _ => None,
    };
    let (Some((major, minor)), true) = (version, line_is_sound) else { return Err(BAD) };
    let Ok((url, host)) = Url::parse_target(&request.method, &request.target) else { return Err(BAD) };
    let mut headers = Fields::default();
    let mut hosts: Vec<String> = request.host.iter().cloned().collect();
    let mut size = request.method.len() + request.target.len();
    for (name, value) in &request.headers {
        size += name.len() + value.len() + 4;
        // A line is cut at its first colon.
        let line = format!("{name}: {value}");
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        if !is_token(name) {
            let body =
                if name.is_empty() { "400 Bad Request" } else { "400 Bad Request: invalid header name" };
            return Err(Refusal { status: 400, body });
        }
        let value = value.trim_matches([' ', '\t']);
        if value.bytes().any(|byte| (byte < 0x20 && byte != b'\t') || byte == 0x7f) {
            return Err(Refusal { status: 400, body: "400 Bad Request: invalid header value" });
        }
        if name.eq_ignore_ascii_case("Host") {
            hosts.push(value.to_owned());
        } else {
            headers.add(name, value);
        }
    }
    if size > LARGEST {
        return Err(Refusal { status: 431, body: "431 Request Header Fields Too Large" });
    }
    if major != 1 {
        return Err(Refusal {
            status: 505,
            body: "505 HTTP Version Not Supported: unsupported protocol version",
        });
    }
    if hosts.len() > 1 {
        return Err(Refusal { status: 400, body: "400 Bad Request" });
    }
    if hosts.is_empty() && minor >= 1 && request.method != "CONNECT" {
        return Err(Refusal { status: 400, body: "400 Bad Request: missing required Host header" });
    }
    let own = hosts.pop().unwrap_or_default();
    let own = own.trim_matches([' ', '\t']);
    let is_bad = |letter: char| !(letter.is_ascii_alphanumeric() || "!$%&'()*+,-.:;=[]_~".contains(letter));
    if own.contains(is_bad) {
        return Err(Refusal { status: 400, body: "400 Bad Request: malformed Host header" });
    }
    let body = body(request, &mut headers, minor)?;
    if let Some(values) = headers.values("Expect")
        && minor >= 1
        && !values.iter().any(|value| value.eq_ignore_ascii_case("100-continue"))
        && !values.iter().all(String::is_empty)
    {
        return Err(Refusal { status: 417, body: "" });
    }
    if headers.first("Pragma") == "no-cache" && !headers.has("Cache-Control") {
        headers.set("Cache-Control", "no-cache");
    }
    Ok(Message {
        method: request.method.clone(),
        url,
        request_uri: request.target.clone(),
        host: if host.is_empty() { own.to_owned() } else { host },
        headers,
        transfer_encoding: if body.is_chunked { vec!["chunked".to_owned()] } else { Vec::new() },
        body,
        minor,
    })
}

/// The body by what its headers say of it.
fn body(request: &Request, headers: &mut Fields, minor: u32) -> Result<Body, Refusal> {
    let mut body = Body { text: request.body.clone(), is_empty: request.body.is_empty(), ..Body::default() };
    if let Some(encodings) = headers.take("Transfer-Encoding") {
        if minor == 0 {
            headers.take("Content-Length");
        } else {
            let [one] = encodings.as_slice() else {
                return Err(Refusal { status: 501, body: "Unsupported transfer encoding" });
            };
            if !one.eq_ignore_ascii_case("chunked") {
                return Err(Refusal { status: 501, body: "Unsupported transfer encoding" });
            }
            headers.take("Content-Length");
            body.is_chunked = true;
            body.is_empty = false;
            body.text = unchunked(&request.body).unwrap_or_else(|| request.body.clone());
            return Ok(body);
        }
    }
    if let Some(lengths) = headers.take(&canonical_header("Content-Length")) {
        let first = lengths.first().map(|length| length.trim().to_owned()).unwrap_or_default();
        if lengths.iter().any(|length| length.trim() != first)
            || !first.bytes().all(|byte| byte.is_ascii_digit())
            || first.is_empty()
        {
            return Err(BAD);
        }
        let length = first.parse::<usize>().unwrap_or(0);
        body.is_empty = length == 0;
        if length < body.text.len() && body.text.is_char_boundary(length) {
            body.text.truncate(length);
        }
        headers.put("Content-Length", vec![first]);
    } else if !request.body.is_empty() {
        headers.put("Content-Length", vec![super::text::len(&request.body).to_string()]);
    }
    Ok(body)
}

/// The text of a chunked body.
fn unchunked(raw: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = raw;
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        out.push_str(after.get(..size)?);
        rest = after.get(size..)?.strip_prefix("\r\n")?;
    }
}
