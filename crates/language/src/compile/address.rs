//! Site addresses: `https://example.com:8443/path` and every part of it left out (docs: "Addresses").

use std::borrow::Cow;

use ecow::EcoString;

use super::tls::Kind;
use crate::diagnostics::Code;
use crate::go::split_host_port;
use crate::spec::{Fault, Parsed};
use crate::syntax::Word;

/// A site address in its parts, each possibly empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `http` or `https`.
    pub scheme: EcoString,
    /// Lower case outside placeholders; an IPv6 address in its shortest form and without brackets.
    pub host: EcoString,
    /// The port, as written.
    pub port: EcoString,
    /// From the first slash on.
    pub path: EcoString,
    /// What decides over the host's certificate.
    pub(super) kind: Kind,
    /// What decides over the place of its site.
    pub(super) specificity: Specificity,
}

/// How specific an address is: the more specific sites come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Specificity {
    /// The length of the host without stars and placeholders.
    pub(super) host: u32,
    /// The length of the path without stars and placeholders.
    pub(super) path: u32,
    /// Whether the host is missing or has a star.
    pub(super) is_wildcard: bool,
}

/// Caddy reads no more of an address than this many bytes.
const LONGEST: usize = 4096;

impl Address {
    /// What decides over the port that it is served on.
    pub(super) fn listener(&self) -> (&str, &str) {
        (&self.scheme, &self.port)
    }

    /// Reads the address `key`.
    pub fn parse(key: &Word) -> Parsed<Self> {
        let mut text = key.text.as_str();
        if text.len() > LONGEST {
            text = &text[..text.floor_char_boundary(LONGEST)];
        }
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, format!("/{path}")),
            None => (rest, String::new()),
        };
        let (host, port) = split_host_port(authority)
            .or_else(|| split_host_port(&format!("{authority}:")))
            .unwrap_or_else(|| (authority.to_owned(), String::new()));
        if !port.is_empty() {
            match crate::go::atoi(&port) {
                Some(0..=65535) => {}
                Some(_) => {
                    return Err(
                        bad_port(key, &port, "is out of range").help("a port is a number from 1 to 65535")
                    );
                }
                None => {
                    return Err(bad_port(key, &port, "is not a number")
                        .help("write a number after the colon, such as `example.com:8443`"));
                }
            }
        }
        let mut host = lower_outside_placeholders(&normal_ip(host.trim()));
        // Nearly always the key is the host, and its text can be shared.
        if host == key.text {
            host = key.text.clone();
        }
        Ok(Self {
            kind: Kind::of(&host),
            specificity: Specificity {
                host: specificity(&host),
                path: specificity(&path),
                is_wildcard: host.is_empty() || host.contains('*'),
            },
            scheme: lower_outside_placeholders(scheme),
            host,
            port: port.into(),
            path: path.into(),
        })
    }
}

fn bad_port(key: &Word, port: &str, what: &str) -> Fault {
    Fault::new(Code::ADDRESS, key, format!("the port `{port}` {what}"))
}

/// An IPv6 address in its shortest form; everything else as it is.
fn normal_ip(host: &str) -> Cow<'_, str> {
    if !host.contains(':') {
        return host.into();
    }
    let (address, zone) = match host.split_once('%') {
        Some((address, zone)) if !zone.is_empty() => (address, Some(zone)),
        _ => (host, None),
    };
    match address.parse::<std::net::Ipv6Addr>() {
        Ok(ip) if ip.to_ipv4_mapped().is_none() => match zone {
            Some(zone) => format!("{}%{zone}", go_ipv6(ip)).into(),
            None => go_ipv6(ip).into(),
        },
        _ => host.into(),
    }
}

/// Rust writes addresses such as `::1.2.3.4` with dots, Go does not.
fn go_ipv6(ip: std::net::Ipv6Addr) -> String {
    let text = ip.to_string();
    if !text.contains('.') {
        return text;
    }
    let [.., high, low] = ip.segments();
    format!("::{high:x}:{low:x}")
}

/// Lower case, but not inside `{…}`.
fn lower_outside_placeholders(text: &str) -> EcoString {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return text.into();
    }
    let mut out = EcoString::with_capacity(text.len());
    let (mut escaped, mut inside) = (false, false);
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            out.push(c);
            continue;
        }
        if !escaped {
            inside = match c {
                '{' => true,
                '}' => false,
                _ => inside,
            };
        }
        if inside {
            out.push(c);
        } else {
            out.push(go_lower(c));
        }
        escaped = false;
    }
    out
}

/// Go lowers one character to one character.
fn go_lower(c: char) -> char {
    // The only letter with a longer lower case is İ, which Go turns into a plain i.
    c.to_lowercase().next().unwrap_or(c)
}

/// The length of a host or path without its stars and placeholders.
fn specificity(text: &str) -> u32 {
    let mut length = text.bytes().filter(|byte| *byte != b'*').count();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(end) = rest[start..].find('}').map(|at| start + at + 1) else { break };
        length = length.saturating_sub(end - start);
        rest = &rest[end..];
    }
    // An address is no longer than 4 KB.
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<[String; 4]> {
        let word = Word { text: text.into(), ..Word::default() };
        Address::parse(&word).ok().map(|a| [a.scheme, a.host, a.port, a.path].map(String::from))
    }

    #[test]
    fn addresses() {
        let owned = |parts: [&str; 4]| Some(parts.map(str::to_owned));
        assert_eq!(parts("HTTPS://Example.com:8443/A"), owned(["https", "example.com", "8443", "/A"]));
        assert_eq!(parts(":80"), owned(["", "", "80", ""]));
        assert_eq!(parts("http://"), owned(["http", "", "", ""]));
        assert_eq!(parts("::1"), owned(["", "::1", "", ""]));
        assert_eq!(parts("[::0001]:80"), owned(["", "::1", "80", ""]));
        assert_eq!(parts("[::1]"), owned(["", "::1", "", ""]));
        assert_eq!(parts("{env.Host}.COM"), owned(["", "{env.Host}.com", "", ""]));
        assert_eq!(parts("a:b"), None);
        assert_eq!(parts("a:70000"), None);
    }

    #[test]
    fn specific_hosts() {
        assert_eq!(specificity("*.example.com"), 12);
        assert_eq!(specificity("{env.X}.com"), 4);
        assert_eq!(specificity("{open"), 5);
    }
}
