//! URLs, as Go's `net/url` (1.26) reads them. It is lenient; only a few things make it refuse.

use std::net::Ipv6Addr;

/// The parts of a URL that say where to connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// The scheme, in small letters; empty if there is none.
    pub(crate) scheme: String,
    /// The host, an IPv6 address without its brackets.
    pub(crate) host: String,
    /// The port; empty if there is none.
    pub(crate) port: String,
    /// Whether there is a path, a query or a fragment.
    pub(crate) has_more: bool,
}

/// Why a text is no URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// What stands behind the host is no port.
    Port(String),
    /// Anything else; the text says what.
    Other(String),
}

impl Url {
    /// Reads a URL, a relative one too. A user and password in front of the host are checked and dropped, and so is
    /// everything behind the port.
    pub fn parse(text: &str) -> Result<Self, UrlFault> {
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(UrlFault::Other("it has a control character".to_owned()));
        }
        unescape(fragment, |_| true)?;
        let (scheme, rest) = split_scheme(text)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            has_more: !fragment.is_empty() || !query.is_empty(),
            ..Self::default()
        };
        let authority = rest.strip_prefix("//").filter(|_| !scheme.is_empty() || !rest.starts_with("///"));
        let Some(authority) = authority else {
            // A path, or behind a scheme something opaque.
            if scheme.is_empty() || rest.starts_with('/') {
                check_path(rest)?;
                url.has_more = true;
            }
            return Ok(url);
        };
        let (authority, path) = authority.split_at(authority.find('/').unwrap_or(authority.len()));
        url.has_more |= !path.is_empty();
        unescape(path, |_| true)?;
        let host = match authority.rsplit_once('@') {
            Some((user, host)) => {
                check_user(user)?;
                host
            }
            None => authority,
        };
        (url.host, url.port) = split_host(&parse_host(host)?);
        Ok(url)
    }
}

/// A scheme and what follows its colon. A text that cannot begin with a scheme has none.
fn split_scheme(text: &str) -> Result<(&str, &str), UrlFault> {
    let stop = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
    match stop {
        Some(0) if text.starts_with(':') => {
            Err(UrlFault::Other("it has no scheme before the `:`".to_owned()))
        }
        Some(at) if text[at..].starts_with(':') && text.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok((&text[..at], &text[at + 1..]))
        }
        _ => Ok(("", text)),
    }
}

/// A path, relative ones too. One that has a colon in its first segment was meant to have a scheme.
fn check_path(path: &str) -> Result<(), UrlFault> {
    if !path.starts_with('/') && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
        return Err(UrlFault::Other("the text before its `:` is not a scheme".to_owned()));
    }
    unescape(path, |_| true).map(drop)
}

fn check_user(user: &str) -> Result<(), UrlFault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(allowed) {
        return Err(UrlFault::Other("the user before the `@` has an invalid character".to_owned()));
    }
    unescape(user, |_| true).map(drop)
}

/// The host and port with their escapes undone.
fn parse_host(host: &str) -> Result<String, UrlFault> {
    match host.rfind('[') {
        Some(0) => parse_bracketed(host),
        Some(_) => Err(UrlFault::Other("an address in brackets has something before it".to_owned())),
        None => {
            if let Some(colon) = host.find(':')
                && !is_optional_port(&host[colon..])
            {
                return Err(UrlFault::Port(host[colon + 1..].to_owned()));
            }
            unescape_host(host)
        }
    }
}

fn parse_bracketed(host: &str) -> Result<String, UrlFault> {
    let Some(close) = host.rfind(']') else {
        return Err(UrlFault::Other("the bracket `[` is not closed".to_owned()));
    };
    let port = &host[close + 1..];
    if !is_optional_port(port) {
        return Err(UrlFault::Port(port.trim_start_matches(':').to_owned()));
    }
    let inner = &host[1..close];
    let inner = match inner.split_once("%25") {
        Some((address, zone)) => format!("{}%{}", unescape_host(address)?, unescape(zone, |_| true)?),
        None => unescape_host(inner)?,
    };
    let (address, zone) = inner.split_once('%').map_or((inner.as_str(), None), |(a, zone)| (a, Some(zone)));
    if address.parse::<Ipv6Addr>().is_err() || zone == Some("") {
        return Err(UrlFault::Other(format!("`{inner}` is not an IPv6 address")));
    }
    Ok(format!("[{inner}]{port}"))
}

/// Nothing, or a colon and any number of digits.
fn is_optional_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}

fn split_host(text: &str) -> (String, String) {
    let (host, port) = match text.rfind(':') {
        Some(colon) if is_optional_port(&text[colon..]) => (&text[..colon], &text[colon + 1..]),
        _ => (text, ""),
    };
    let inner = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    (inner.unwrap_or(host).to_owned(), port.to_owned())
}

fn unescape_host(text: &str) -> Result<String, UrlFault> {
    let allowed =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(c);
    if let Some(c) = text.chars().find(|c| !allowed(*c)) {
        return Err(UrlFault::Other(format!("a host has no `{c}`")));
    }
    // Only what is not ASCII may be escaped in a host, and the percent sign itself.
    unescape(text, |byte| byte >= 0x80 || byte == b'%')
}

/// Undoes `%xx`, where the byte is one that may be written so.
fn unescape(text: &str, may: impl Fn(u8) -> bool) -> Result<String, UrlFault> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    let digit =
        |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        match (digit(bytes.next()), digit(bytes.next())) {
            (Some(high), Some(low)) if may(high * 16 + low) => out.push(high * 16 + low),
            _ => return Err(UrlFault::Other("a `%` in it is not a valid escape".to_owned())),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (text, parts) in [
            ("http://localhost:8080", ("http", "localhost", "8080", false)),
            ("HTTPS://a_b", ("https", "a_b", "", false)),
            ("h2c://[::1]:80", ("h2c", "::1", "80", false)),
            ("http://[fe80::1%25eth0]", ("http", "fe80::1%eth0", "", false)),
            ("http://u:p@h:1", ("http", "h", "1", false)),
            ("http://h#", ("http", "h", "", false)),
            ("http://h?", ("http", "h", "", false)),
            ("http://h??", ("http", "h", "", true)),
            ("http://h/", ("http", "h", "", true)),
            ("http://h:", ("http", "h", "", false)),
            ("http:x", ("http", "", "", false)),
            ("/x", ("", "", "", true)),
        ] {
            let (scheme, host, port, has_more) = parts;
            let url = Url { scheme: scheme.into(), host: host.into(), port: port.into(), has_more };
            assert_eq!(Url::parse(text), Ok(url), "{text}");
        }
    }

    #[test]
    fn not_urls() {
        for text in
            ["://h", "http://a b", "http://[1.2.3.4]", "http://x[::1]", "http://%41", "http://[::1", "a\n://"]
        {
            assert!(matches!(Url::parse(text), Err(UrlFault::Other(_))), "{text}");
        }
        for (text, port) in [("http://h:x", "x"), ("http://a:80:80", "80:80"), ("http://[::1]:1-2", "1-2")] {
            assert_eq!(Url::parse(text), Err(UrlFault::Port(port.to_owned())), "{text}");
        }
    }
}
